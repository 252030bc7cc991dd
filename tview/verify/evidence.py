"""All that checks look at: the catalog, what was read of each file, what objects say, the lists, and what decoding showed."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tview.catalog import Catalog, Instance, Series, Study
from tview.dicom import read_header
from tview.errors import DicomError, Finding, MediumError
from tview.media import Medium
from tview.text import SafeText, safe
from tview.verify.listing import ListFacts, TreeFacts
from tview.verify.model import Options
from tview.verify.observed import Observed, Use, Who

GONE = frozenset(("missing", "damaged", "undecodable"))


@dataclass(frozen=True)  # no slots: what follows from the facts is kept once it was asked for
class Evidence:
    """Everything that was found out on one medium.

    `decoded` are findings of decoding by path. `unfound` are those of the missing objects whose file holds something else. `mount`
    is (device, file system) of a folder where a medium is mounted.
    """

    medium: Medium
    catalog: Catalog
    level: str
    finished: bool
    options: Options
    observed: Observed = field(default_factory=Observed)
    lists: tuple[ListFacts, ...] = ()
    trees: tuple[TreeFacts, ...] = ()
    decoded: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    frames_decoded: int = 0
    mount: tuple[str, str] | None = None
    unfound: tuple[Instance, ...] = ()

    @cached_property
    def instances(self) -> tuple[tuple[Study, Series, Instance], ...]:
        """Every object with where it belongs."""
        return tuple(
            (study, series, instance) for study in self.catalog.studies for series in study.series for instance in series.instances
        )

    @cached_property
    def persons(self) -> Mapping[Who, Use]:
        """Who the objects are of: as their headers say, and as the list says of those that could not be looked into."""
        found = dict(self.observed.persons)
        for patient in self.catalog.patients:
            instances = [(study, one) for study in patient.studies for series in study.series for one in series.instances]
            if any(one.is_read for _, one in instances) or not (patient.patient_name or patient.patient_id):
                continue
            who = Who(patient.patient_name, patient.patient_id, None, None, recorded_date(patient.birth_date), patient.sex)
            use = found.setdefault(who, Use())
            for study, one in instances:
                use.add(one.path, study.study_instance_uid)
        return found

    @cached_property
    def places(self) -> Mapping[str, Instance]:
        """Every object by each address that holds it."""
        found = {instance.path: instance for _, _, instance in self._real_last}
        for _, _, instance in self.instances:
            for place in instance.also_at:
                found.setdefault(place.path, instance)
        return found

    @cached_property
    def series_by_path(self) -> Mapping[str, Series]:
        """The series of each object by its address."""
        return {instance.path: series for _, series, instance in self._real_last}

    @property
    def _real_last(self) -> Iterator[tuple[Study, Series, Instance]]:
        """Every object, those that are not there first: a file that is at the address of one counts more."""
        yield from (row for row in self.instances if row[2].state == "missing")
        yield from (row for row in self.instances if row[2].state != "missing")

    @cached_property
    def sop_instance_uids(self) -> frozenset[str]:
        """Those that are on the medium, whole or not."""
        return frozenset(
            instance.sop_instance_uid for _, _, instance in self.instances if instance.sop_instance_uid and instance.state != "missing"
        )

    @cached_property
    def whole_uids(self) -> frozenset[str]:
        """SOP Instance UIDs of which a whole copy is on the medium."""
        return frozenset(
            instance.sop_instance_uid for _, _, instance in self.instances if instance.sop_instance_uid and self.state(instance) == "ok"
        )

    def state(self, instance: Instance) -> str:
        """ok, missing, cut-off, unreadable, undecodable or unread, of the best copy of this object."""
        states = [self.state_at(instance.path, instance)]
        states += [self.state_at(place.path, instance) for place in instance.also_at] if states[0] != "ok" else []
        return "ok" if "ok" in states else states[0]

    def state_at(self, path: str, instance: Instance) -> str:
        """The same of the copy at this address."""
        if path == instance.path and instance.state == "missing":
            return "missing"
        if path in self.unreadable:
            return "unreadable"
        if path in self.cut_off or (path == instance.path and instance.state == "damaged"):
            return "cut-off"
        if any(told.code == "object-undecodable" for told in self.decoded.get(path, ())):
            return "undecodable"
        if not instance.is_read and self.level != "listing":
            return "unread"
        if self.level in ("bytes", "pixels") and not self.finished and path not in self.observed.read:
            return "unread"
        return "ok"

    def pixels_differ(self, paths: tuple[str, ...]) -> bool:
        """Whether these files, which call themselves copies, hold different pixels. Reads them again."""
        by_syntax: dict[str, set[bytes]] = {}
        for found in (pixel_digest(self.medium, path) for path in paths):
            if found is not None:
                by_syntax.setdefault(found[0], set()).add(found[1])
        return any(len(digests) > 1 for digests in by_syntax.values())

    @cached_property
    def unreadable(self) -> frozenset[str]:
        """Addresses of files with bytes that could not be read, whoever noticed."""
        found = {path for path, read in self.observed.read.items() if read.unreadable}
        codes = ("object-unreadable-range", "unreadable-range-of-file", "file-unreadable", *ARCHIVE_LOSSES)
        return frozenset(found | {told.path for told in self.catalog.findings if told.path and told.code in codes})

    @cached_property
    def cut_off(self) -> frozenset[str]:
        """Addresses of files that end too early, or whose header is broken."""
        codes = ("file-cut-off", "object-cut-off", "pixels-fewer", "pixels-open-ended", "object-unreadable", "file-record-damaged")
        found = {told.path for told in self.catalog.findings if told.path and told.code in codes}
        return frozenset(found | self.observed.lacking.keys())

    def told(self, *codes: str) -> Iterator[Finding]:
        """What the scan found of these kinds."""
        return (told for told in self.catalog.findings if told.code in codes)

    @property
    def has_list(self) -> bool:
        """Whether a DICOMDIR could be used."""
        return any(one.directory is not None for one in self.lists)

    @property
    def is_disc(self) -> bool:
        """Whether it is a drive or a disc image, and no folder, archive or file."""
        return self.medium.kind not in ("folder", "file", "zip", "tar", "7z", "archive")

    @cached_property
    def is_list_whole(self) -> bool:
        """Whether the list can be used and everything in it is there."""
        return self.has_list and not any(self.state(instance) == "missing" for _, _, instance in self.instances)

    def expected_findings(self) -> Iterator[Finding]:
        """Where there is less than was expected."""
        if self.options.expected is not None:
            from tview.verify.expecting import expected_findings

            yield from expected_findings(self, self.options.expected)

    @property
    def profile(self) -> str | None:
        """The profile that errors of format are held against; None without."""
        return self.options.profile


def recorded_date(shown: SafeText | None) -> SafeText | None:
    """A date as an object has it, from how a catalog shows it."""
    return safe(shown.replace("-", "").strip('"')) if shown else None


def pixel_digest(medium: Medium, path: str) -> tuple[str, bytes] | None:
    """Transfer syntax and digest of an object's pixel data as stored; None when they cannot be had whole, or there are none."""
    entry = medium.entry(path)
    if entry is None or not entry.whole:
        return None
    try:
        header = read_header(lambda offset, length: medium.read(entry, offset, length).data, entry.present)
        pixel = header.pixel_element
        if pixel is None or header.inflated is not None:
            return None
        digest = hashlib.sha256()
        offset, end = pixel.offset, entry.present if pixel.length < 0 else min(entry.present, pixel.offset + pixel.length)
        while offset < end:
            read = medium.read(entry, offset, min(1 << 20, end - offset))
            if read.unreadable or not read.data:
                return None
            digest.update(read.data)
            offset += len(read.data)
    except (DicomError, MediumError):
        return None
    return header.transfer_syntax_uid, digest.digest()


ARCHIVE_LOSSES = ("archive-sum-wrong", "archive-member-lost", "archive-member-damaged")
"""Findings of an archive about one file of which bytes are lost."""
