"""From what was asked for on the command line to objects: numbers as `ls` prints them, beginnings of UIDs, paths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tview.catalog.at import entry_at
from tview.catalog.model import Catalog, Instance, Patient, Series, Stack, Study
from tview.catalog.nothing import nothing_medical
from tview.catalog.prefer import first_of
from tview.catalog.scanning import complete_catalog
from tview.dicom.limits import DEFAULT, Limits
from tview.errors import ChoiceError, finding
from tview.media import Entry, Medium, Read
from tview.text import safe


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for. Numbers are those of `ls`, anything with a point is the beginning of a UID; `frame` counts from 1."""

    patient: str | None = None
    study: str | None = None
    series: str | None = None
    instance: str | None = None
    path: str | None = None
    frame: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything is meant."""
        return not any((self.patient, self.study, self.series, self.instance, self.path))

    @property
    def words(self) -> str:
        """As it was written: ``--series 4 --instance 12``."""
        given = ((name, getattr(self, name)) for name in ("patient", "study", "series", "instance", "path", "frame"))
        return " ".join(f"--{name} {value}" for name, value in given if value is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One chosen object and where it stands. `frame` is an index from 0, None when none was asked for."""

    patient: Patient
    study: Study
    series: Series
    stack: Stack
    instance: Instance
    frame: int | None


def choose(media: Sequence[Medium], choice: Choice, limits: Limits = DEFAULT) -> Found:
    """The one object that is meant: of several the middle image of the series a reader would open first.

    Raises:
        ChoiceError: nothing matches, or the path is that of another file, and then of which kind.
        CatalogError: there is nothing medical on the media.
        MediumError: a medium has gone away.
    """
    return one_of(_matching(media, choice, limits))


def one_of(matching: Sequence[Found]) -> Found:
    """Of several, at least one, the one that `choose` takes."""
    series = first_of([(found.study, found.series) for found in _one_each(matching)])
    assert series is not None
    inside = [found for found in matching if found.series is series]
    stack = series.main_stack if any(found.stack is series.main_stack for found in inside) else inside[0].stack
    present = [found for found in inside if found.stack is stack and found.instance.state != "missing"]
    present = present or [found for found in inside if found.stack is stack]
    whole = [found for found in present if found.instance.state == "ok"] or present
    return whole[len(whole) // 2]


def choose_all(media: Sequence[Medium], choice: Choice, limits: Limits = DEFAULT) -> list[Found]:
    """Every object that is meant and is there, in the order of the list; without a choice every image.

    Raises:
        ChoiceError, CatalogError, MediumError: as `choose`.
    """
    listed = _matching(media, choice, limits)
    matching = [found for found in listed if found.instance.state != "missing"]
    images = [found for found in matching if found.series.is_image]
    chosen = images if images and not (choice.instance or choice.path) else matching
    if not chosen:
        lost = listed[0].instance
        raise ChoiceError(finding("referenced-file-missing", path=lost.path, sop_instance_uid=lost.sop_instance_uid))
    return chosen


def found_in(catalog: Catalog, choice: Choice) -> list[Found]:
    """Every object of a catalog that is meant, missing ones too, in the order of the list. A path is that of its file as listed."""
    found = _walk(catalog, choice)
    return [one for one in found if choice.path in (None, one.instance.path, safe(one.instance.path))]


def _matching(media: Sequence[Medium], choice: Choice, limits: Limits) -> list[Found]:
    if choice.path:
        return _at_path(media, choice, choice.path, limits)
    catalog = complete_catalog(media, limits)
    if not catalog.patients:
        raise nothing_medical(media, catalog)
    found = list(_walk(catalog, choice))
    if not found:
        raise _nothing(media, choice)
    return found


def _at_path(media: Sequence[Medium], choice: Choice, path: str, limits: Limits) -> list[Found]:
    """The objects in the file at a path, as far as they fit the rest of the choice.

    One file is enough when it holds an object and nothing else was asked for: numbers in the list are those of the whole. Only the whole
    knows of objects that cannot be read, or that the DICOMDIR lists and the medium lacks.
    """
    place = entry_at(media, path)
    address = (place[0], place[1].path) if place is not None else None
    if place is not None and not (choice.patient or choice.study or choice.series or choice.instance):
        only = complete_catalog([_Only(one, place[1] if number == place[0] else None) for number, one in enumerate(media)], limits)
        found = [one for one in _walk(only, choice) if (one.instance.source_number, one.instance.path) == address]
        if found:
            return found
    catalog = complete_catalog(media, limits)
    found = [one for one in _walk(catalog, choice) if _is_at(one.instance, address, path)]
    if found:
        return found
    other = next((file for file in catalog.other_files if (file.source_number, file.path) == address), None)
    if other is not None:
        raise ChoiceError(finding("path-no-object", path=other.path, kind=other.kind, wanted=choice.words))
    raise _nothing(media, choice)


def _is_at(instance: Instance, address: tuple[int, str] | None, path: str) -> bool:
    """Whether an object lies there; without a file at the path, whether it is listed under it."""
    if address is None:
        return instance.state == "missing" and path in (instance.path, safe(instance.path))
    return address in ((instance.source_number, instance.path), *instance.also_at)


def _nothing(media: Sequence[Medium], choice: Choice) -> ChoiceError:
    return ChoiceError(finding("no-match", wanted=choice.words, source=media[0].source if media else ""))


def _walk(catalog: Catalog, choice: Choice) -> Iterator[Found]:
    frame = choice.frame - 1 if choice.frame else None
    for patient in catalog.patients:
        if not _fits(choice.patient, patient.number_in_list, patient.patient_id, exact=True):
            continue
        for study in patient.studies:
            if not _fits(choice.study, study.number_in_list, study.study_instance_uid):
                continue
            for series in study.series:
                if not _fits(choice.series, series.number_in_list, series.series_instance_uid):
                    continue
                for stack in series.stacks:
                    for instance in stack.instances:
                        if _fits(choice.instance, instance.number_in_list, instance.sop_instance_uid):
                            yield Found(patient, study, series, stack, instance, frame)


def _fits(wanted: str | None, number: int, uid: str | None, exact: bool = False) -> bool:
    if wanted is None:
        return True
    if wanted.isdigit() and len(wanted) < 7 and int(wanted) == number:
        return True
    if uid is None:
        return False
    return uid == wanted if exact else "." in wanted and uid.startswith(wanted)


def _one_each(matching: Sequence[Found]) -> list[Found]:
    seen: dict[int, Found] = {}
    for found in matching:
        seen.setdefault(id(found.series), found)
    return list(seen.values())


class _Only(Medium):
    """A medium of which one file is looked at, or none. It does not own the other one."""

    kind = "file"

    def __init__(self, medium: Medium, entry: Entry | None) -> None:
        super().__init__(medium.source)
        self._medium, self._only = medium, entry

    def entries(self) -> Sequence[Entry]:
        """The one file."""
        return (self._only,) if self._only else ()

    def read(self, entry: Entry, offset: int = 0, length: int | None = None) -> Read:
        """From the medium itself."""
        return self._medium.read(entry, offset, length)

    def close(self) -> None:
        """Nothing to close."""
