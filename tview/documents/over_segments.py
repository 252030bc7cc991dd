"""Segmentations over the images that they are of: binary, fractional and label maps (PS3.3 A.51, C.8.20)."""

from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np

from tview.dicom import DataSet
from tview.dicom import tags as t
from tview.documents.over_masks import MaskStack, outlines
from tview.documents.over_model import PALETTE, Part, Place
from tview.documents.over_planes import Lattice, depth_in, lattice_of
from tview.documents.reading import Reading
from tview.errors import DocumentError, finding
from tview.pixels import Colour, Drawing, Frame, Geometry, Image, Layer, MapLayer
from tview.pixels.arrays import Pixels
from tview.pixels.cielab import srgb_of
from tview.text import SafeText, safe, translate

_ = str
_MOST_BYTES = 512 << 20
_SAME_PLACE_MM = 0.05  # planes nearer than this are one, written with other roundings
_GAP = 1.5  # times the thickness: how far apart the middles of slices that follow one another may be
_CIELAB, _ALGORITHM, _MAXIMUM_FRACTION, _FRACTIONAL_TYPE = 0x0062000D, 0x00620008, 0x0062000E, 0x00620010
_TYPE_CODE, _PER_FRAME, _SHARED = 0x0062000F, 0x52009230, 0x52009229
_ALGORITHMS = {"AUTOMATIC": _("automatic"), "SEMIAUTOMATIC": _("semiautomatic"), "MANUAL": _("by hand")}


class Segments:
    """The segments of one object. Frames lie by their plane positions; where those say nothing, over the image that they refer to."""

    def __init__(self, data_set: DataSet, image: Image, path: str) -> None:
        """Decodes every frame. Raises `DocumentError` when they are more than is held in memory."""
        self._fractional = str(data_set.text(t.SEGMENTATION_TYPE) or "").upper() == "FRACTIONAL"
        self._labelmap = str(data_set.text(t.SEGMENTATION_TYPE) or "").upper() == "LABELMAP"
        self._maximum = data_set.integer(_MAXIMUM_FRACTION) or 255
        self._frame_of_reference = data_set.uid(t.FRAME_OF_REFERENCE_UID)
        self.parts = tuple(_parts(data_set))
        self.usual = frozenset(part.key for part in self.parts)
        kind = data_set.text(_FRACTIONAL_TYPE) if self._fractional else None
        self.note = safe(f"{translate('fractional')} ({str(kind or '').lower()})") if self._fractional else SafeText("")
        self._stacks: dict[str, list[MaskStack]] = {}
        self._direct: dict[tuple[str, int], list[tuple[str, int]]] = {}
        self._image = image
        self._lattices: list[Lattice] = []
        self._read(data_set, image, path)

    def _read(self, data_set: DataSet, image: Image, path: str) -> None:
        frames = data_set.items(_PER_FRAME)
        shared = data_set.first_item(_SHARED)
        geometries = [image.describe(index).geometry for index in range(image.number_of_frames)]
        half_mm, used = _half_mm(geometries), 0
        for index, geometry in enumerate(geometries):
            item = frames[index] if index < len(frames) else None
            for key, mask in self._masks(item, shared, image.read_frame(index)):
                used += self._put(key, mask, geometry, half_mm)
                for reference in _sources(item):
                    self._direct.setdefault(reference, []).append((key, index))
            if used > _MOST_BYTES:
                raise DocumentError(finding("document-too-large", path=path, megabytes=used >> 20, limit=_MOST_BYTES >> 20))

    def _masks(self, item: DataSet | None, shared: DataSet | None, frame: Frame) -> "list[tuple[str, Pixels]]":
        stored = frame.stored
        if self._labelmap:
            known = {part.key for part in self.parts}
            return [(str(number), stored == number) for number in np.unique(stored) if str(number) in known]
        number = _segment_number(item) or _segment_number(shared) or 1
        return [(str(number), stored)]

    def _put(self, key: str, mask: Pixels, geometry: Geometry, half_mm: float) -> int:
        lattice, depth = self._lattice_for(geometry)
        if lattice is None:
            return 0
        stacks = self._stacks.setdefault(key, [])
        stack = next((one for one in stacks if one.lattice is lattice), None)
        if stack is None:
            stack = MaskStack(lattice, half_mm)
            stacks.append(stack)
        before = stack.nbytes
        stack.add(depth, mask)
        return stack.nbytes - before

    def _lattice_for(self, geometry: Geometry) -> tuple[Lattice | None, float]:
        for known in self._lattices:
            depth = depth_in(known, geometry)
            if depth is not None:
                return known, depth
        made = lattice_of(geometry)
        if made is not None:
            self._lattices.append(made)
        return made, 0.0

    def parts_at(self, place: Place) -> frozenset[str]:
        """See `Overlaying`."""
        if self._fits(place):
            return frozenset(key for key, stacks in self._stacks.items() if any(stack.is_at(place) for stack in stacks))
        return frozenset(key for key, _index in self._referring(place))

    def _referring(self, place: Place) -> "list[tuple[str, int]]":
        """Frames made from this very image, of its size: for images that do not say where they lie."""
        same_size = (self._image.rows, self._image.columns) == (place.rows, place.columns)
        return self._direct.get((place.sop_instance_uid or "", place.frame_number), []) if same_size else []

    def _fits(self, place: Place) -> bool:
        return bool(self._stacks) and self._frame_of_reference == place.geometry.frame_of_reference_uid is not None

    def mask_at(self, key: str, place: Place) -> Pixels | None:
        """What a segment covers of a place: (rows, columns) or a whole multiple of both, 0 where it is not; None for nothing."""
        if self._fits(place):
            masks = [mask for stack in self._stacks.get(key, ()) if (mask := stack.at(place)) is not None]
            return masks[0] if masks else None
        index = next((index for name, index in self._referring(place) if name == key), None)
        if index is None:
            return None
        stored = self._image.read_frame(index).stored
        return np.asarray(stored == int(key)) if self._labelmap else stored

    def layers(self, place: Place, shown: Collection[str], opacity: float) -> "Sequence[Drawing]":
        """See `Overlaying`."""
        drawn: list[Drawing] = []
        for part in self.parts:
            mask = self.mask_at(part.key, place) if part.key in shown else None
            if mask is None or not mask.any():
                continue
            if self._fractional:
                drawn.append(self._shades(mask, place, part.colour, opacity))
                drawn += outlines(mask >= (self._maximum + 1) // 2, (place.rows, place.columns), part.colour)
            else:
                drawn.append(Layer(mask, part.colour, opacity))
                drawn += outlines(mask, (place.rows, place.columns), part.colour)
        return drawn

    def _shades(self, mask: Pixels, place: Place, colour: Colour, opacity: float) -> Drawing:
        table = np.repeat(np.array([colour], np.uint8), 256, axis=0)
        strength = np.linspace(0, opacity, 256, dtype=np.float32)
        box = (0.0, 0.0, float(place.rows), float(place.columns))
        return MapLayer(mask.astype(np.float32), table, 0, self._maximum, strength, 0.5, box, smooth=False)


def _parts(data_set: DataSet) -> "list[Part]":
    reading, found = Reading(), []
    labelmap = str(data_set.text(t.SEGMENTATION_TYPE) or "").upper() == "LABELMAP"
    for place, item in enumerate(data_set.items(t.SEGMENT_SEQUENCE)):
        number = item.integer(t.SEGMENT_NUMBER)
        number = place + 1 if number is None else number
        if number == 0 and labelmap:
            continue
        name = reading.row(item, t.SEGMENT_LABEL) or reading.code(item.first_item(_TYPE_CODE)) or SafeText(str(number))
        how = _ALGORITHMS.get(str(item.text(_ALGORITHM) or "").upper())
        colour = srgb_of(item.integers(_CIELAB)) or PALETTE[place % len(PALETTE)]
        found.append(Part(str(number), name, _bright(colour), safe(translate(how)) if how else SafeText("")))
    return found


def _bright(colour: Colour) -> Colour:
    """A colour that is seen on black: dark ones are lifted."""
    top = max(colour)
    if top >= 110:
        return colour
    lift = 110 - top
    return colour[0] + lift, colour[1] + lift, colour[2] + lift


def _segment_number(item: DataSet | None) -> int | None:
    found = item.first_item(t.SEGMENT_IDENTIFICATION_SEQUENCE) if item is not None else None
    return found.integer(t.REFERENCED_SEGMENT_NUMBER) if found is not None else None


def _sources(item: DataSet | None) -> "list[tuple[str, int]]":
    """The images and frames (from 1) that a frame was made from."""
    found = []
    for derivation in item.items(t.DERIVATION_IMAGE_SEQUENCE) if item is not None else ():
        for source in derivation.items(t.SOURCE_IMAGE_SEQUENCE):
            uid = source.uid(t.REFERENCED_SOP_INSTANCE_UID)
            if uid is not None:
                found += [(uid, number) for number in source.integers(t.REFERENCED_FRAME_NUMBER) or (1,)]
    return found


def _half_mm(geometries: "Sequence[Geometry]") -> float:
    """Half of what lies between planes: the smallest of their distances and of what the file says, else what their thickness allows.

    Spacing Between Slices alone is no measure: it is seen as the distance of two lesions, and planes would speak for slices between.
    """
    first = next((one for one in geometries if one.position_mm is not None), None)
    if first is None:
        return 0.5
    depths = sorted({round(one.position_mm, 2) for one in geometries if one.position_mm is not None})
    steps = [step for step in (after - before for before, after in pairwise(depths)) if step > _SAME_PLACE_MM]
    told = [step for step in (first.spacing_between_slices_mm,) if step is not None and step > _SAME_PLACE_MM]
    if not told and first.slice_thickness_mm:
        told = [first.slice_thickness_mm * (_GAP if steps else 1.0)]
    return max(min([*steps, *told], default=1.0), 0.1) / 2 + 1e-3
