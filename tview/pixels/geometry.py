"""Where a frame lies in the patient, and the letters at the edges of its picture."""

from dataclasses import dataclass

from tview.dicom import DataSet
from tview.pixels.groups import Groups
from tview.pixels.view import View
from tview.text import SafeText, safe

IMAGE_POSITION_PATIENT, IMAGE_ORIENTATION_PATIENT, FRAME_OF_REFERENCE_UID = 0x00200032, 0x00200037, 0x00200052
PATIENT_ORIENTATION, SLICE_LOCATION, SLICE_THICKNESS, SPACING_BETWEEN_SLICES = 0x00200020, 0x00201041, 0x00180050, 0x00180088
PIXEL_SPACING, ANATOMICAL_ORIENTATION_TYPE = 0x00280030, 0x00102210
IMAGE_LATERALITY, LATERALITY, FRAME_LATERALITY = 0x00200062, 0x00200060, 0x00209072
VIEW_POSITION, VIEW_CODE_SEQUENCE, VIEW_MODIFIER_CODE_SEQUENCE, BODY_PART_EXAMINED = 0x00185101, 0x00540220, 0x00540222, 0x00180015
ANATOMIC_REGION_SEQUENCE, CODE_VALUE, CODE_MEANING = 0x00082218, 0x00080100, 0x00080104
PLANE_POSITION, PLANE_ORIENTATION, PIXEL_MEASURES, FRAME_ANATOMY = 0x00209113, 0x00209116, 0x00289110, 0x00209071
PATIENT_ORIENTATION_IN_FRAME = 0x00209450
DETECTOR_INFORMATION_SEQUENCE = 0x00540022

_SECOND_LETTER = 0.26  # sin 15 degrees
_PLANE = 0.8
_BIPED = (("L", "R"), ("P", "A"), ("H", "F"))
_QUADRUPED = (("LE", "RT"), ("D", "V"), ("CR", "CD"))  # PS3.3 C.7.6.2.1.1: y grows to the back, z to the head
_OPPOSITE_BIPED = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
_OPPOSITE_QUADRUPED = {
    "LE": "RT", "RT": "LE", "D": "V", "V": "D", "CR": "CD", "CD": "CR", "R": "CD", "M": "L", "L": "M",
    "PR": "DI", "DI": "PR", "PA": "D", "PL": "D",
}  # fmt: skip
_MAMMOGRAPHY_VIEWS = {  # CID 4014, SNOMED CT and RT; the Y codes are the deprecated ones of older files
    "399260004": "ML", "R-10224": "ML", "399368009": "MLO", "R-10226": "MLO", "399352003": "LM", "R-10228": "LM",
    "399099002": "LMO", "R-10230": "LMO", "399162004": "CC", "R-10242": "CC", "399196006": "FB", "R-10244": "FB",
    "399188001": "SIO", "R-102D0": "SIO", "441555000": "ISO", "R-40AAA": "ISO", "399192008": "XCCL", "R-1024A": "XCCL",
    "399101009": "XCCM", "R-1024B": "XCCM", "Y-X1770": "XCCL", "Y-X1771": "XCCM",
}  # fmt: skip

Vector = tuple[float, float, float]
Edges = tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Letters:
    """What stands at the edges of the picture as it is shown; "" where nothing is known."""

    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""


@dataclass(frozen=True, slots=True)
class Geometry:
    """What a file says of a frame's place. Patient space is LPS in millimetres; None is "the file does not say".

    `row_direction` points along a row (rising column), `column_direction` down a column, both of length 1. `spacing_mm` is between rows,
    then between columns. `edges` are the anatomical directions of the right and the bottom edge of the image as stored.
    """

    position: Vector | None = None
    row_direction: Vector | None = None
    column_direction: Vector | None = None
    spacing_mm: tuple[float, float] | None = None
    edges: tuple[str, str] | None = None
    opposite_edges: tuple[str, str] | None = None
    quadruped: bool = False
    slice_thickness_mm: float | None = None
    slice_location: float | None = None
    spacing_between_slices_mm: float | None = None
    frame_of_reference_uid: str | None = None
    laterality: SafeText | None = None
    view_position: SafeText | None = None
    body_part: SafeText | None = None

    @property
    def normal(self) -> Vector | None:
        """The unit vector out of the plane, row x column."""
        if self.row_direction is None or self.column_direction is None:
            return None
        return unit(cross(self.row_direction, self.column_direction))

    @property
    def plane(self) -> str | None:
        """One of "axial", "coronal", "sagittal", "oblique"; None without an orientation."""
        normal = self.normal
        if normal is None:
            return None
        largest = max(range(3), key=lambda axis: abs(normal[axis]))
        return ("sagittal", "coronal", "axial")[largest] if abs(normal[largest]) >= _PLANE else "oblique"

    @property
    def position_mm(self) -> float | None:
        """The distance of the plane from the origin along its normal: what a stack is ordered by."""
        normal = self.normal
        return None if normal is None or self.position is None else dot(normal, self.position)

    def patient_point(self, row: float, column: float) -> Vector | None:
        """The patient coordinates of an image point (edges at whole numbers, the first pixel's middle at 0.5, 0.5): C.7.6.2.1.1."""
        if self.position is None or self.row_direction is None or self.column_direction is None or self.spacing_mm is None:
            return None
        down, along = (row - 0.5) * self.spacing_mm[0], (column - 0.5) * self.spacing_mm[1]
        x, y, z = (p + along * r + down * c for p, r, c in zip(self.position, self.row_direction, self.column_direction, strict=True))
        return x, y, z


def read_geometry(groups: Groups) -> Geometry:
    """The geometry of one frame: its own functional groups before the shared ones before the data set."""
    data_set = groups.data_set
    quadruped = data_set.text(ANATOMICAL_ORIENTATION_TYPE) == "QUADRUPED"
    cosines = groups.numbers(PLANE_ORIENTATION, IMAGE_ORIENTATION_PATIENT)
    position = groups.numbers(PLANE_POSITION, IMAGE_POSITION_PATIENT)
    detectors = data_set.items(DETECTOR_INFORMATION_SEQUENCE)
    if len(cosines) != 6 and detectors:
        cosines = detectors[0].numbers(IMAGE_ORIENTATION_PATIENT)
        position = position or detectors[0].numbers(IMAGE_POSITION_PATIENT)
    row, column = (unit(cosines[:3]), unit(cosines[3:])) if len(cosines) == 6 else (None, None)
    if row is None or column is None or abs(dot(row, column)) > 0.1:
        row = column = None
    spacing = groups.numbers(PIXEL_MEASURES, PIXEL_SPACING)
    edges, opposites = _edges(groups, row, column, quadruped)
    return Geometry(
        position=_place(groups, position, row, column),
        row_direction=row,
        column_direction=column,
        spacing_mm=(spacing[0], spacing[1]) if len(spacing) == 2 and min(spacing) > 0 else None,
        edges=edges,
        opposite_edges=opposites,
        quadruped=quadruped,
        slice_thickness_mm=_positive(groups.number(PIXEL_MEASURES, SLICE_THICKNESS)),
        slice_location=data_set.number(SLICE_LOCATION),
        spacing_between_slices_mm=_positive(groups.number(PIXEL_MEASURES, SPACING_BETWEEN_SLICES)),
        frame_of_reference_uid=data_set.uid(FRAME_OF_REFERENCE_UID),
        laterality=data_set.text(IMAGE_LATERALITY) or data_set.text(LATERALITY) or groups.text(FRAME_ANATOMY, FRAME_LATERALITY),
        view_position=_view_position(data_set),
        body_part=data_set.text(BODY_PART_EXAMINED) or _body_part(groups),
    )


def letters_of(vector: Vector, quadruped: bool = False) -> str:
    """The letters of a direction in patient space: components by size, the second and third only from 15 degrees on."""
    names = _QUADRUPED if quadruped else _BIPED
    order = sorted(range(3), key=lambda axis: -abs(vector[axis]))
    kept = [axis for number, axis in enumerate(order) if number == 0 or abs(vector[axis]) >= _SECOND_LETTER]
    return "".join(names[axis][int(vector[axis] < 0)] for axis in kept)


def letters(geometry: Geometry | None, view: View | None = None) -> Letters:
    """The letters at the four edges of the picture after the view's mirroring and turns; none where the file does not say."""
    if geometry is None or geometry.edges is None or geometry.opposite_edges is None:
        return Letters()
    right, bottom = geometry.edges
    left, top = geometry.opposite_edges
    by_direction = {(0, 1): right, (0, -1): left, (1, 0): bottom, (-1, 0): top}
    view = view or View()

    def at(down: float, along: float) -> str:
        row, column = view.to_image(down, along)
        return by_direction[(round(row), round(column))]

    return Letters(left=at(0, -1), right=at(0, 1), top=at(-1, 0), bottom=at(1, 0))


def _edges(groups: Groups, row: Vector | None, column: Vector | None, quadruped: bool) -> tuple[Edges, Edges]:
    if row is not None and column is not None:
        edges = letters_of(row, quadruped), letters_of(column, quadruped)
        return edges, (letters_of(negated(row), quadruped), letters_of(negated(column), quadruped))
    values = groups.texts(PATIENT_ORIENTATION_IN_FRAME, PATIENT_ORIENTATION)
    if len(values) != 2:
        return None, None
    split = [_letters_in(str(value), quadruped) for value in values]
    if not all(split):
        return None, None
    opposite = _OPPOSITE_QUADRUPED if quadruped else _OPPOSITE_BIPED
    right, bottom = ("".join(letters) for letters in split)
    left, top = ("".join(opposite[letter] for letter in letters) for letters in split)
    return (right, bottom), (left, top)


def _letters_in(value: str, quadruped: bool) -> list[str]:
    """The single directions of a Patient Orientation value such as "AF" or "DCR"; empty when it holds anything else."""
    known, found, at = (_OPPOSITE_QUADRUPED if quadruped else _OPPOSITE_BIPED), [], 0
    value = value.upper().replace(" ", "")
    while at < len(value):
        size = next((size for size in (2, 1) if value[at : at + size] in known), 0)
        if not size:
            return []
        found.append(value[at : at + size])
        at += size
    return found


def _view_position(data_set: DataSet) -> SafeText | None:
    for item in data_set.items(VIEW_CODE_SEQUENCE)[:1]:
        meaning, code = item.text(CODE_MEANING), item.text(CODE_VALUE)
        name = _MAMMOGRAPHY_VIEWS.get(str(code)) or meaning or code
        if name:
            modifiers = [modifier.text(CODE_MEANING) for modifier in item.items(VIEW_MODIFIER_CODE_SEQUENCE)]
            return safe(" ".join([str(name), *(f"({modifier})" for modifier in modifiers if modifier)]))
    return data_set.text(VIEW_POSITION)


def _body_part(groups: Groups) -> SafeText | None:
    for item in (*groups.data_set.items(ANATOMIC_REGION_SEQUENCE), *groups.items(FRAME_ANATOMY, ANATOMIC_REGION_SEQUENCE))[:1]:
        return item.text(CODE_MEANING)
    return None


def _place(groups: Groups, position: tuple[float, ...], row: Vector | None, column: Vector | None) -> Vector | None:
    """The position of one frame: as written, for dose planes moved along the normal."""
    if len(position) != 3:
        return None
    x, y, z = position
    offset = groups.offset_mm
    if not offset or row is None or column is None:
        return x, y, z
    normal = unit(cross(row, column)) or (0.0, 0.0, 0.0)
    return x + offset * normal[0], y + offset * normal[1], z + offset * normal[2]


def _positive(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None


def unit(vector: tuple[float, ...]) -> Vector | None:
    """The vector at length 1; None when it has none, or is not of three numbers."""
    length = sum(component * component for component in vector) ** 0.5
    if len(vector) != 3 or not 1e-6 < length < float("inf"):
        return None
    return float(vector[0] / length), float(vector[1] / length), float(vector[2] / length)


def cross(a: Vector, b: Vector) -> Vector:
    """a x b."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def dot(a: Vector, b: Vector) -> float:
    """a . b."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def negated(vector: Vector) -> Vector:
    """The opposite direction."""
    return -vector[0], -vector[1], -vector[2]
