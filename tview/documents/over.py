"""What of a medium lies over images: segmentations, contours, dose, maps, presentation states, and selections of key images."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tview.catalog import Catalog, Instance, iso_date
from tview.dicom import DataSet, Header, sop_class_name
from tview.dicom import tags as t
from tview.documents.over_model import Overlaying, Part, Place
from tview.documents.reading import Reading
from tview.errors import DocumentError, finding
from tview.pixels import PRESENTATION_KINDS
from tview.text import SafeText, safe

if TYPE_CHECKING:
    from tview.pixels import Image

_ = str
_CLASS = "1.2.840.10008.5.1.4.1.1."
OVER_KINDS: dict[str, str] = {
    f"{_CLASS}66.4": "segmentation",
    f"{_CLASS}66.7": "segmentation",
    f"{_CLASS}481.3": "contours",
    f"{_CLASS}481.2": "dose",
    f"{_CLASS}30": "map",
    f"{_CLASS}66.2": "fiducials",
    f"{_CLASS}66.5": "surfaces",
    f"{_CLASS}88.59": "key-images",
    **dict.fromkeys(PRESENTATION_KINDS, "state"),
}
"""The SOP classes of what lies over images, and what each is."""

KIND_NAMES: dict[str, str] = {
    "segmentation": _("segmentation"),
    "contours": _("contours"),
    "dose": _("dose"),
    "map": _("parametric map"),
    "fiducials": _("fiducials"),
    "surfaces": _("surfaces"),
    "state": _("presentation state"),
    "key-images": _("key images"),
}
_IN_PATIENT = ("segmentation", "contours", "dose", "map", "fiducials", "surfaces")
WITHOUT_FRAMES = ("contours", "fiducials", "surfaces")
"""Kinds whose objects hold no pixels."""
_REFERENCED_FRAMES, _STUDIES, _SERIES, _PLANS = 0x30060010, 0x30060012, 0x30060014, 0x300C0002
_FIDUCIAL_SETS, _FIDUCIALS, _GRAPHICS = 0x0070031C, 0x0070031E, 0x00700318
_BLENDING, _BLENDING_POSITION = 0x00700402, 0x00700405
_EVIDENCE, _REFERENCED_INSTANCES = 0x0040A375, 0x0008114A


class Over(NamedTuple):
    """One object that lies over images. `frames_of_reference` are where it lies in patients.

    `images` is what it names: UID and frames (from 1); no frames are all of them. `plan` is the treatment plan that a dose is of.
    """

    instance: Instance
    kind: str
    title: SafeText
    author: SafeText | None
    made: SafeText | None
    frames_of_reference: frozenset[str]
    images: dict[str, tuple[int, ...]]
    plan: str | None = None
    patient_id: SafeText | None = None
    patient_name: SafeText | None = None
    birth_date: SafeText | None = None

    @property
    def uid(self) -> str:
        """What tells it from the others."""
        return self.instance.sop_instance_uid or f"{self.instance.source_number}:{self.instance.path}"

    def names(self, sop_instance_uid: str | None, frame_number: int) -> bool:
        """Whether it names this frame of an image."""
        frames = self.images.get(sop_instance_uid or "")
        return frames is not None and (not frames or frame_number in frames)

    def may_lie_over(self, place: Place) -> bool:
        """Whether it lies in the same patient space as an image or cut, or names the image."""
        if self.kind in _IN_PATIENT and place.geometry.frame_of_reference_uid in self.frames_of_reference:
            return True
        return self.names(place.sop_instance_uid, place.frame_number)


def over_instances(catalog: Catalog) -> list[Instance]:
    """The objects of a catalog that lie over others, in the order of the tree."""
    return [
        instance
        for series in catalog.series
        if not OVER_KINDS.keys().isdisjoint(series.sop_class_uids)
        for instance in series.instances
        if instance.state != "missing" and instance.sop_class_uid in OVER_KINDS
    ]


def over_of(header: Header, instance: Instance) -> Over | None:
    """What an object's header says of it; None for a class that lies over nothing."""
    kind = OVER_KINDS.get(header.sop_class_uid or instance.sop_class_uid or "")
    if kind is None:
        return None
    data_set, reading = header.data_set, Reading()
    creator = data_set.person_name(t.CONTENT_CREATOR_NAME) or data_set.person_name(t.OPERATORS_NAME)
    name, plans = data_set.person_name(t.PATIENT_NAME), data_set.items(_PLANS)
    return Over(
        instance=instance,
        kind=kind,
        title=_title(data_set, kind, reading, header.sop_class_uid or ""),
        author=creator.shown if creator is not None else None,
        made=_made(data_set),
        frames_of_reference=frozenset(_frames_of_reference(data_set)),
        images=_images(data_set, kind),
        plan=plans[0].uid(t.REFERENCED_SOP_INSTANCE_UID) if plans else None,
        patient_id=data_set.text(t.PATIENT_ID),
        patient_name=name.marked if name is not None else None,
        birth_date=iso_date(data_set.text(t.PATIENT_BIRTH_DATE)),
    )


def load_over(header: Header, image: "Image | None", path: str, prescribed: "Callable[[], object] | None" = None) -> Overlaying:
    """The parts of what lies over images, read and decoded once. `image` are its frames, None for kinds without any.

    Raises:
        DocumentError: it cannot be used, or is larger than is read here.
        PixelError: a frame of it cannot be decoded.
    """
    kind = OVER_KINDS.get(header.sop_class_uid or "")
    if kind == "contours":
        from tview.documents.over_contours import Contours

        return Contours(header.data_set)
    if kind == "fiducials":
        from tview.documents.over_fiducials import Fiducials

        return Fiducials(header.data_set)
    if kind == "surfaces":
        from tview.documents.over_surfaces import Surfaces

        return Surfaces(header.data_set)
    if image is None or kind not in _IN_PATIENT:
        raise DocumentError(finding("document-unreadable", path=path, problem=sop_class_name(header.sop_class_uid or "")))
    if kind == "segmentation":
        from tview.documents.over_segments import Segments

        return Segments(header.data_set, image, path)
    from tview.documents.over_fields import Prescription, read_dose, read_map

    if kind == "map":
        return read_map(header.data_set, image, path)
    found = prescribed() if prescribed is not None else None
    return read_dose(header.data_set, image, path, found if isinstance(found, Prescription) else None)


def prescription_of(header: Header) -> object:
    """What a plan prescribes to its target, as `load_over` wants it; None where it does not say."""
    from tview.documents.over_fields import Prescription

    doses = [item.number(t.TARGET_PRESCRIPTION_DOSE) for item in header.data_set.items(t.DOSE_REFERENCE_SEQUENCE)]
    known = [dose for dose in doses if dose is not None and dose > 0]
    label = header.data_set.text(t.RT_PLAN_LABEL) or SafeText("")
    return Prescription(max(known), label) if known else None


def _title(data_set: DataSet, kind: str, reading: Reading, sop_class_uid: str) -> SafeText:
    if kind == "key-images":
        named = reading.code(data_set.first_item(t.CONCEPT_NAME_CODE_SEQUENCE))
    elif kind == "contours":
        named = reading.row(data_set, t.STRUCTURE_SET_LABEL) or reading.row(data_set, t.STRUCTURE_SET_NAME)
    elif kind == "dose":
        named = reading.row(data_set, t.SERIES_DESCRIPTION) or reading.row(data_set, 0x30040006)
    else:
        label, description = (reading.row(data_set, tag) for tag in (t.CONTENT_LABEL, t.CONTENT_DESCRIPTION))
        named = safe(": ".join(part for part in dict.fromkeys((label, description)) if part)) or None
        if kind in ("segmentation", "map"):
            named = reading.row(data_set, t.SERIES_DESCRIPTION) or named
    return named or safe(sop_class_name(sop_class_uid))


def _made(data_set: DataSet) -> SafeText | None:
    for tag in (t.PRESENTATION_CREATION_DATE, t.STRUCTURE_SET_DATE, t.CONTENT_DATE, t.INSTANCE_CREATION_DATE, t.SERIES_DATE):
        text = data_set.text(tag)
        if text:
            return iso_date(text) or text
    return None


def _frames_of_reference(data_set: DataSet) -> list[str]:
    found = [data_set.uid(t.FRAME_OF_REFERENCE_UID)]
    found += [item.uid(t.FRAME_OF_REFERENCE_UID) for tag in (_REFERENCED_FRAMES, _FIDUCIAL_SETS) for item in data_set.items(tag)]
    found += [item.uid(t.REFERENCED_FRAME_OF_REFERENCE_UID) for item in data_set.items(t.STRUCTURE_SET_ROI_SEQUENCE)]
    return [uid for uid in found if uid is not None]


def _images(data_set: DataSet, kind: str) -> dict[str, tuple[int, ...]]:
    """What it names: by series, in its evidence, or as what its frames were made from."""
    found: dict[str, tuple[int, ...]] = {}
    items = [item for series in data_set.items(t.REFERENCED_SERIES_SEQUENCE) for item in _references(series)]
    for blended in data_set.items(_BLENDING) if kind == "state" else ():
        if _position(blended) == "UNDERLYING":
            items += [item for series in blended.items(t.REFERENCED_SERIES_SEQUENCE) for item in _references(series)]
    for group in data_set.items(_FIDUCIAL_SETS) if kind == "fiducials" else ():
        graphics = [graphic for fiducial in group.items(_FIDUCIALS) for graphic in fiducial.items(_GRAPHICS)]
        items += [image for one in (group, *graphics) for image in one.items(t.REFERENCED_IMAGE_SEQUENCE)]
    if kind == "key-images":
        items = list(_selected(data_set))
        if not items:
            studies = data_set.items(_EVIDENCE)
            items = [item for study in studies for series in study.items(t.REFERENCED_SERIES_SEQUENCE) for item in _references(series)]
    for item in items:
        uid = item.uid(t.REFERENCED_SOP_INSTANCE_UID)
        if uid is not None:
            frames = item.integers(t.REFERENCED_FRAME_NUMBER)
            known = found.get(uid)
            found[uid] = () if known == () or not frames else (*(known or ()), *frames)
    return found


def _position(blended: DataSet) -> str:
    """Which of the two sets of images an item of a blending state is about."""
    return str(blended.text(_BLENDING_POSITION) or "").upper()


def _references(series: DataSet) -> list[DataSet]:
    return [*series.items(t.REFERENCED_IMAGE_SEQUENCE), *series.items(_REFERENCED_INSTANCES), *series.items(t.REFERENCED_SOP_SEQUENCE)]


def _selected(data_set: DataSet) -> list[DataSet]:
    """The images among the content of a key object selection (TID 2010)."""
    return [
        reference
        for item in data_set.items(t.CONTENT_SEQUENCE)
        if str(item.text(t.VALUE_TYPE) or "").upper() in ("IMAGE", "COMPOSITE", "WAVEFORM")
        for reference in item.items(t.REFERENCED_SOP_SEQUENCE)
    ]


__all__ = [
    "KIND_NAMES",
    "OVER_KINDS",
    "Over",
    "Overlaying",
    "Part",
    "Place",
    "load_over",
    "over_instances",
    "over_of",
    "prescription_of",
]
