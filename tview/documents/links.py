"""Where the objects are that a document speaks of: from SOP Instance UIDs to "Se 4 Im 207"."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from tview.catalog import Catalog, Instance, Series
from tview.dicom import sop_class_name
from tview.documents.model import Link
from tview.text import SafeText, safe, translate

_DOCUMENT_KINDS = frozenset(("report", "key-objects", "pdf", "cda"))
_FRAMES_NAMED = 12


class Target(NamedTuple):
    """An object of the catalog, and the series it is in."""

    series: Series
    instance: Instance


class Whereabouts:
    """Looks objects up in a catalog. Without one nothing is known, and links say the class only."""

    def __init__(self, catalog: Catalog | None) -> None:
        self._known = catalog is not None
        self._targets: dict[str, Target] = {}
        for series in catalog.series if catalog else ():
            for instance in series.instances:
                if instance.sop_instance_uid and (instance.state != "missing" or instance.sop_instance_uid not in self._targets):
                    self._targets[instance.sop_instance_uid] = Target(series, instance)

    def target(self, sop_instance_uid: str) -> Target | None:
        """The object, also one that is only promised; None when the catalog does not know it."""
        return self._targets.get(sop_instance_uid)

    def words(self, link: Link) -> SafeText:
        """Where it is: ``Se 4 Im 207, frame 3``, or that it is not on this disc."""
        target = self.target(link.sop_instance_uid)
        frames = frame_words(link.frames)
        if target is None:
            what = sop_class_name(link.sop_class_uid) if link.sop_class_uid else translate("object")
            return safe(f"{what}{frames} ({translate('not on this disc')})" if self._known else f"{what}{frames}")
        missing = f" ({translate('missing on this disc')})" if target.instance.state == "missing" else ""
        return safe(f"{_address(target)}{frames}{missing}")

    def several(self, links: Iterable[Link]) -> list[SafeText]:
        """The same for many, images of one series together: ``Se 4 Im 12, 13, 14``; what is not there is counted by class."""
        found: list[SafeText] = []
        for series, group in groupby(links, key=self._series_of):
            run = list(group)
            if len(run) == 1 or any(link.frames for link in run):
                found += [self.words(link) for link in run]
            elif series is None:
                found += _counted(run, self._known)
            else:
                numbers = [self._targets[link.sop_instance_uid].instance.instance_number for link in run]
                found.append(safe(f"Se {_number(series.series_number)} Im {ranges(numbers)}"))
        return found

    def _series_of(self, link: Link) -> Series | None:
        target = self.target(link.sop_instance_uid)
        return target.series if target is not None and target.instance.state != "missing" else None


def _address(target: Target) -> str:
    words = f"Se {_number(target.series.series_number)} Im {_number(target.instance.instance_number)}"
    if target.series.kind in _DOCUMENT_KINDS:
        return f"{words} ({target.series.series_description or sop_class_name(target.instance.sop_class_uid or '')})"
    return words


def _counted(run: list[Link], known: bool) -> list[SafeText]:
    classes: dict[str, int] = {}
    for link in run:
        name = sop_class_name(link.sop_class_uid) if link.sop_class_uid else translate("object")
        classes[name] = classes.get(name, 0) + 1
    where = f" ({translate('not on this disc')})" if known else ""
    return [safe(f"{count} × {name}{where}" if count > 1 else f"{name}{where}") for name, count in classes.items()]


def _number(number: int | None) -> str:
    return "–" if number is None else str(number)


def ranges(numbers: Iterable[int | None]) -> str:
    """``1–4, 7``: runs of numbers that follow one another, in the order given."""
    parts: list[list[int | None]] = []
    for number in numbers:
        last = parts[-1][-1] if parts else None
        if number is not None and last is not None and number == last + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    shown = [_number(part[0]) if len(part) == 1 else f"{part[0]}–{part[-1]}" for part in parts]
    return ", ".join(shown)


def frame_words(frames: tuple[int, ...]) -> str:
    """``, frame 3`` or ``, frames 3, 4``; empty for all of them."""
    if not frames:
        return ""
    named = ", ".join(map(str, frames[:_FRAMES_NAMED])) + (" …" if len(frames) > _FRAMES_NAMED else "")
    return ", " + (translate("frame {numbers}") if len(frames) == 1 else translate("frames {numbers}")).format(numbers=named)
