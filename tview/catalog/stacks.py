"""From the objects of a series to stacks that scroll as one: what splits a series, what orders a stack, and what is missing in it."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tview.catalog.axes import Axis, rows_of
from tview.catalog.facts import Facts
from tview.catalog.geometry import SAME_PLACE_MM, Vector, normal_of, place_along, plane_of, same_orientation, tilt_of
from tview.catalog.model import FrameRow, Gap
from tview.dicom.uids import sop_class_kind
from tview.text import SafeText, safe, translate

_ = str
_GAP_FACTOR = 1.9
_FEWEST_TURNS = 4

KIND_LABELS = {
    "image": _("images"), "segmentation": _("segmentation"), "report": _("report"), "key-objects": _("key images"),
    "presentation": _("presentation state"), "pdf": _("PDF"), "cda": _("document"), "waveform": _("waveform"),
    "rt-structures": _("contours"), "rt-plan": _("treatment plan"), "measurements": _("measurements"), "relation": _("registration"),
    "value-mapping": _("value mapping"), "no-pixels": _("no pixel data"),
    "model": _("3-D model"), "raw": _("raw data"), "directory": _("directory"), "other": _("other object"), "": _("private object"),
}  # fmt: skip
"""What each kind of object is called; "no-pixels" are objects of an image class without any pixel data."""


class Placed(NamedTuple):
    """One object in its stack, and where along the normal it is."""

    facts: Facts
    position_mm: float | None


class Pile:
    """A stack in the making: its objects in order, and the words for what it is."""

    __slots__ = ("axis", "features", "gaps", "key", "placed", "row_words", "rows", "sorted_by", "spacing_mm", "tilt_degrees")

    def __init__(
        self,
        key: str,
        placed: list[Placed],
        sorted_by: SafeText,
        features: dict[str, str],
        *,
        gaps: tuple[Gap, ...] = (),
        spacing_mm: float | None = None,
        axis: Axis | None = None,
        row_words: SafeText | None = None,
        rows: tuple[FrameRow, ...] = (),
        tilt_degrees: float | None = None,
    ) -> None:
        self.key, self.placed, self.sorted_by, self.features = key, placed, sorted_by, features
        self.gaps, self.spacing_mm, self.axis, self.row_words, self.rows = gaps, spacing_mm, axis, row_words, rows
        self.tilt_degrees = tilt_degrees

    @property
    def is_scout(self) -> bool:
        """Whether it is a localizer."""
        return "scout" in self.features

    def take_in(self, added: list[Facts]) -> None:
        """Put objects without a position between the neighbours of their Instance Numbers. Gaps stay where they are."""
        before = self.placed
        self.placed = _merged(before, added)
        places = {id(item): place for place, item in enumerate(self.placed, 1)}
        self.gaps = tuple(gap._replace(after=places[id(before[gap.after - 1])]) for gap in self.gaps)


def kind_of_facts(facts: Facts) -> str:
    """What kind of thing an object is; a private class with pixels is an image."""
    return _kind(facts.sop_class_uid or "", facts.has_pixels or bool(facts.rows))


@lru_cache(maxsize=256)
def _kind(sop_class_uid: str, is_pictured: bool) -> str:
    kind = sop_class_kind(sop_class_uid)
    return "image" if kind in ("", "other") and is_pictured else kind


def make_piles(members: Sequence[Facts]) -> list[Pile]:
    """The stacks of one series, the largest first, the scouts last.

    A series is split by the kind of object, rows and columns, pixel spacing, orientation (1°), frame of reference, Image Type from value 3
    on where it makes more than the pieces of one stack (`_joined`), a fourth dimension, and at each multi-frame object; by nothing else.
    Objects that are not read yet go by Instance Number. So do those that are missing or unreadable, unless the series is split: nothing
    tells where they belong then, and they are a stack of their own.
    """
    apart: dict[tuple[object, ...], list[Facts]] = {}
    waiting: list[Facts] = []
    orientations = _Orientations(members)
    for facts in members:
        if not facts.is_read:
            waiting.append(facts)
            continue
        kind = kind_of_facts(facts)
        if kind not in ("image", "segmentation"):
            key: tuple[object, ...] = (kind,)
        elif facts.frames is not None and facts.frames > 1:
            key = ("frames", facts.concatenation[0] if facts.concatenation else facts.sop_instance_uid or facts.path)
        else:
            key = (
                kind, facts.rows, facts.columns, facts.spacing, orientations.number(facts.orientation) if facts.position else None,
                facts.frame_of_reference, facts.image_type[2:],
            )  # fmt: skip
        apart.setdefault(key, []).append(facts)
    piles = [pile for key, part in _joined(apart, orientations).items() for pile in _piles_of(key, part, orientations)]
    if waiting:
        piles = _with_waiting(piles, waiting)
    return _in_order(piles)


_IMAGE_KEY = 7  # parts of the key of single-frame images; the last is the Image Type from value 3 on
_ORIENTATION = 4


def _joined(apart: dict[tuple[object, ...], list[Facts]], orientations: "_Orientations") -> dict[tuple[object, ...], list[Facts]]:
    """Parts that only Image Type from value 3 on tells apart as one, where they are pieces of one stack: values 1 and 2 agree, and no
    position of one is one of another's. A head CT whose lower half is averaged (AXIAL\\ADD) scrolls as one; where positions coincide,
    as those of magnitude and phase do, Image Type is the axis. Scouts stay by themselves.
    """
    families: dict[tuple[object, ...], list[tuple[object, ...]]] = {}
    for key in apart:
        if len(key) == _IMAGE_KEY and key[_ORIENTATION] is not None and not _scout(apart[key][0]):
            families.setdefault(key[:-1], []).append(key)
    for keys in families.values():
        normal = normal_of(orientations.of(keys[0][_ORIENTATION]))
        if len(keys) > 1 and normal is not None and _are_pieces([apart[key] for key in keys], normal):
            apart[keys[0]] = [facts for key in keys for facts in apart[key]]
            for key in keys[1:]:
                del apart[key]
    return apart


def _are_pieces(parts: Sequence[Sequence[Facts]], normal: Vector) -> bool:
    if len({facts.image_type[:2] for part in parts for facts in part}) > 1:
        return False
    places = sorted((place_along(normal, facts.position), number) for number, part in enumerate(parts) for facts in part)
    return all(b[1] == a[1] or b[0] - a[0] > SAME_PLACE_MM for a, b in pairwise(places))


_MAY_LACK = frozenset(("plane", "size", "spacing", "frame", "type"))
"""Features that tell stacks apart by what they are; that a stack lacks one tells nothing."""


def reasons(piles: Sequence[Pile]) -> list[SafeText | None]:
    """For each stack of a split series, in words, what it has and others have not; None for the only stack."""
    if len(piles) < 2:
        return [None] * len(piles)
    names = list(dict.fromkeys(name for pile in piles for name in pile.features))
    telling = [name for name in names if len({pile.features.get(name) for pile in piles} - ({None} if name in _MAY_LACK else set())) > 1]
    words = [
        ", ".join([*(pile.features[n] for n in telling if pile.features.get(n)), *([pile.row_words] if pile.row_words else [])])
        for pile in piles
    ]
    same: dict[str, int] = {}
    told: list[SafeText | None] = []
    for text in words:
        same[text] = same.get(text, 0) + 1
        number = f" {same[text]}" if words.count(text) > 1 and not text.endswith(")") else ""
        told.append(safe(f"{text or translate(_('others'))}{number}"))
    return told


class _Orientations:
    """Numbers for orientations, the same for those within a degree.

    Where more than half of the images have each their own, they are turning views of one thing (projections around an axis), not planes: no
    orientation is told apart then, and Instance Number orders them.
    """

    def __init__(self, members: Sequence[Facts]) -> None:
        self._known: dict[tuple[float, ...], int | None] = {}
        self._first: list[tuple[float, ...]] = []
        turned = [facts.orientation for facts in members if facts.orientation and facts.position]
        if len(set(turned)) >= _FEWEST_TURNS:
            for orientation in turned:
                self.number(orientation)
            if len(self._first) >= _FEWEST_TURNS and len(self._first) > len(turned) / 2:
                self._known = dict.fromkeys(self._known)

    def number(self, orientation: tuple[float, ...]) -> int | None:
        if orientation not in self._known:
            self._known[orientation] = self._find(orientation)
        return self._known[orientation]

    def of(self, number: object) -> tuple[float, ...]:
        return self._first[number] if isinstance(number, int) else ()

    def _find(self, orientation: tuple[float, ...]) -> int | None:
        if normal_of(orientation) is None:
            return None
        for number, first in enumerate(self._first):
            if same_orientation(first, orientation):
                return number
        self._first.append(orientation)
        return len(self._first) - 1


def _piles_of(key: tuple[object, ...], members: list[Facts], orientations: _Orientations) -> list[Pile]:
    name = "|".join(map(str, key))
    if key[0] == "frames":
        members.sort(key=lambda facts: (facts.concatenation[1] if facts.concatenation else 0, facts.order))
        frames = sum(facts.frames or 1 for facts in members)
        features = {"frames": translate(_("multi-frame, {frames} frames")).format(frames=frames), **_scout(members[0])}
        words = translate(_("frame number"))
        rows = _frame_rows(members)
        spacing = rows[0].spacing_mm if rows else None
        return [Pile(name, [Placed(facts, None) for facts in members], safe(words), features, rows=rows, spacing_mm=spacing)]
    if len(key) == 1:
        kind = str(key[0])
        placed, sorted_by = _by_number(members)
        return [Pile(name, placed, sorted_by, {"kind": translate(KIND_LABELS[kind])})]
    orientation = orientations.of(key[4])
    features = _features(members, orientation)
    normal = normal_of(orientation)
    if normal is None:
        placed, sorted_by = _by_number(members)
        return [Pile(name, placed, sorted_by, features)]
    return _by_position(name, members, normal, features)


def _frame_rows(members: Sequence[Facts]) -> tuple[FrameRow, ...]:
    """The frames of all members, those of a concatenation one after another, as stacks of their own; () where some say nothing."""
    if not all(facts.frame_facts for facts in members):
        return ()
    frames = [frame for facts in members for frame in facts.frame_facts]
    if not all(frame.position and frame.orientation for frame in frames):
        return ()
    numbered = [frame._replace(instance_number=number, order=number) for number, frame in enumerate(frames, 1)]
    piles = make_piles(numbered)
    return tuple(
        FrameRow(words, tuple(item.facts.order for item in pile.placed), pile.sorted_by, pile.gaps, pile.spacing_mm)
        for pile, words in zip(piles, reasons(piles), strict=True)
    )


def _features(members: Sequence[Facts], orientation: tuple[float, ...]) -> dict[str, str]:
    facts = members[0]
    features = _scout(facts)
    plane = plane_of(orientation)
    features["plane"] = translate(plane) if plane else translate(_("without position"))
    if all(one.state == "damaged" for one in members):  # what else its header says may be cut short
        return features
    if facts.columns and facts.rows:
        features["size"] = f"{facts.columns} x {facts.rows}"
    if len(facts.spacing) == 2:
        features["spacing"] = translate(_("pixels of {size} mm")).format(size=_size(facts.spacing))
    if facts.frame_of_reference:
        features["frame"] = translate(_("frame of reference …{uid}")).format(
            uid=facts.frame_of_reference.rstrip(b"\0 ").decode("latin-1")[-6:]
        )
    if "scout" not in features and len(facts.image_type) > 2 and len({one.image_type[2:] for one in members}) == 1:
        features["type"] = translate(_("image type {type}")).format(type="\\".join(facts.image_type[2:]))
    return features


def _size(spacing: tuple[float, ...]) -> str:
    return f"{spacing[0]:.3g}" if abs(spacing[0] - spacing[1]) < 1e-4 else f"{spacing[0]:.3g} x {spacing[1]:.3g}"


def _scout(facts: Facts) -> dict[str, str]:
    is_scout = any(value in ("LOCALIZER", "SCOUT", "TOPOGRAM") for value in facts.image_type[2:])
    return {"scout": translate(_("scout"))} if is_scout else {}


def _by_number(members: list[Facts]) -> tuple[list[Placed], SafeText]:
    """In the order of Instance Numbers if they tell the objects apart, else as they lie on the medium."""
    numbers = [facts.instance_number for facts in members]
    known = [number for number in numbers if number is not None]
    if len(known) == len(numbers) and (len(set(known)) > len(known) // 2 or len(known) == 1):
        ordered = sorted(members, key=lambda facts: (facts.instance_number or 0, facts.source_number, facts.order))
        return [Placed(facts, None) for facts in ordered], safe(translate(_("instance number")))
    ordered = sorted(members, key=lambda facts: (facts.source_number, facts.order))
    return [Placed(facts, None) for facts in ordered], safe(translate(_("file order")))


def _by_position(name: str, members: list[Facts], normal: Vector, features: dict[str, str]) -> list[Pile]:
    along = [(place_along(normal, facts.position), facts) for facts in members]
    along.sort(key=lambda pair: pair[0])
    indexed: list[tuple[int, Facts]] = []
    places: list[float] = []
    for place, facts in along:
        if not places or place - places[-1] > SAME_PLACE_MM:
            places.append(place)
        indexed.append((len(places) - 1, facts))
    rows, axis, has_axis = rows_of(indexed, len(places))
    piles = []
    for number, (row, words) in enumerate(rows):
        if len(places) == 1 and has_axis:
            sorted_by = safe(translate(axis.name) if axis else "")
            placed = [Placed(facts, places[0]) for _, facts in row]
        elif len(places) == 1:
            numbered, sorted_by = _by_number([facts for _, facts in row])
            placed = [Placed(facts, places[0]) for facts, _ in numbered]
        else:
            is_single = len({index for index, _ in row}) == len(row)
            if not is_single:
                row.sort(key=lambda member: (member[0], member[1].instance_number or 0, member[1].order))
            placed = [Placed(facts, places[index]) for index, facts in row]
            if _falling(placed):
                placed.reverse()
            sorted_by = safe(translate(_("position along the normal")))
            if not is_single:
                sorted_by = safe(translate(_("position along the normal, then instance number")))
        spacing, gaps = _gaps(placed)
        key = f"{name}|{number}" if len(rows) > 1 else name
        tilt = tilt_of(normal, placed[0].facts.position, placed[-1].facts.position) if len(places) > 2 else None
        pile = Pile(
            key, placed, sorted_by, dict(features), gaps=gaps, spacing_mm=spacing, axis=axis, row_words=words, tilt_degrees=tilt
        )  # fmt: skip
        piles.append(pile)
    return piles


def _falling(placed: list[Placed]) -> bool:
    """Whether Instance Numbers go down along the normal: scrolling follows rising ones."""
    numbers = [item.facts.instance_number for item in placed]
    known = [number for number in numbers if number is not None]
    return sum(a > b for a, b in pairwise(known)) > sum(a < b for a, b in pairwise(known))


def _gaps(placed: list[Placed]) -> tuple[float | None, tuple[Gap, ...]]:
    """The usual distance of neighbours, and the places where it is 1.9 times as long or more."""
    steps = []
    for place, (a, b) in enumerate(pairwise(placed), 1):
        assert a.position_mm is not None and b.position_mm is not None
        step = abs(b.position_mm - a.position_mm)
        if step > SAME_PLACE_MM:
            steps.append((step, place, a, b))
    if len(steps) < 2:
        return (steps[0][0] if steps else None), ()
    usual = sorted(step for step, *_ in steps)[(len(steps) - 1) // 2]
    gaps = tuple(
        Gap(place, step - usual, usual, max(1, round(step / usual) - 1), a.facts.instance_number, b.facts.instance_number)
        for step, place, a, b in steps
        if step >= _GAP_FACTOR * usual
    )
    return usual, gaps


def _with_waiting(piles: list[Pile], waiting: list[Facts]) -> list[Pile]:
    """Objects without a header, put where their Instance Numbers belong: into the only stack of their kind. Of several, those not read yet
    wait in the one whose numbers they lie between, else in the largest; those that will not be read have a stack of their own.
    """
    by_kind: dict[str, list[Facts]] = {}
    for facts in waiting:
        by_kind.setdefault(kind_of_facts(facts), []).append(facts)
    for kind, listed in by_kind.items():
        fitting = [pile for pile in piles if kind_of_facts(pile.placed[0].facts) == kind and "frames" not in pile.features]
        lost = [facts for facts in listed if facts.state != "ok"]
        if lost and len(fitting) > 1:
            placed, sorted_by = _by_number(lost)
            piles.append(Pile(f"unplaced|{kind}", placed, sorted_by, {"place": translate(_("not known where"))}))
            listed = [facts for facts in listed if facts.state == "ok"]
        if not fitting:
            placed, sorted_by = _by_number(listed)
            features = {"place": translate(_("not known where"))} if lost else {}
            if kind not in ("image", "segmentation"):
                features = {"kind": translate(KIND_LABELS[kind])}
            piles.append(Pile(f"waiting|{kind}", placed, sorted_by, features))
            continue
        spans = [_span(pile) for pile in fitting]
        into: dict[int, list[Facts]] = {}
        largest = max(range(len(fitting)), key=lambda index: (not fitting[index].is_scout, len(fitting[index].placed)))
        for facts in listed:
            number = facts.instance_number
            inside = [i for i, (low, high) in enumerate(spans) if number is not None and low <= number <= high]
            into.setdefault(inside[0] if len(inside) == 1 else largest, []).append(facts)
        for index, added in into.items():
            fitting[index].take_in(added)
    return piles


def _span(pile: Pile) -> tuple[int, int]:
    numbers = [item.facts.instance_number for item in pile.placed if item.facts.instance_number is not None]
    return (min(numbers), max(numbers)) if numbers else (1, 0)


def _merged(placed: list[Placed], added: list[Facts]) -> list[Placed]:
    """The added ones between the neighbours of their Instance Numbers; those without a number at the end."""
    result: list[Placed] = []
    queue = sorted(added, key=lambda facts: (facts.instance_number is None, facts.instance_number or 0, facts.order))
    for item in placed:
        number = item.facts.instance_number
        while queue and number is not None and (wanted := queue[0].instance_number) is not None and wanted < number:
            result.append(Placed(queue.pop(0), None))
        result.append(item)
    return result + [Placed(facts, None) for facts in queue]


def _in_order(piles: list[Pile]) -> list[Pile]:
    """Rows of one axis stay together and in the axis's order, where the largest of them stands."""
    families: dict[str, list[Pile]] = {}
    for pile in piles:
        family = pile.key.rpartition("|")[0] if pile.row_words else pile.key
        families.setdefault(family, []).append(pile)
    ordered = sorted(
        families.values(),
        key=lambda family: (
            family[0].is_scout,
            "kind" in family[0].features,
            "place" in family[0].features,
            -sum(len(p.placed) for p in family),
        ),
    )
    return [
        pile for family in ordered for pile in (sorted(family, key=lambda p: int(p.key.rpartition("|")[2])) if len(family) > 1 else family)
    ]
