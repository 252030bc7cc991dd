"""Two sources held against each other, as frozen values. Text has passed the gate; paths are addresses and pass it when shown."""

from typing import NamedTuple

from tview.errors import Finding
from tview.text import SafeText

STATES = ("identical", "written-differently", "different", "not-read", "missing-in-a", "missing-in-b")
"""How an object of one source relates to the other. "written-differently": the same data set and pixels in other bytes, such as another
transfer syntax; "not-read": bytes of it could not be read, and what could does not differ."""

PIXELS = ("equal", "different", "unknown", "none")
"""What became of the pixels. "unknown": they are written in two ways of which one loses something, or cannot be decoded here."""


class Differing(NamedTuple):
    """One element that differs. `place` is its tag, behind the items around it; None stands for an absent element."""

    place: str
    name: SafeText
    a: SafeText | None
    b: SafeText | None


class Pair(NamedTuple):
    """One object, by SOP Instance UID, of which `state` is one of STATES.

    `elements` are the first that differ, of `elements_count`; `frames` counts frames whose pixels differ, `largest` is the largest
    difference of a stored value (None where frames were not decoded).
    """

    sop_instance_uid: str | None
    state: str
    series: SafeText
    path_a: str | None
    path_b: str | None
    elements: tuple[Differing, ...] = ()
    elements_count: int = 0
    pixels: str = "none"
    frames: int = 0
    largest: float | None = None


class Side(NamedTuple):
    """One of the two: `objects` by SOP Instance UID, `others` the other files, `repeats` objects that are there more than once."""

    source: SafeText
    kind: str
    label: SafeText | None
    objects: int
    others: int
    repeats: int


class Others(NamedTuple):
    """Other files, by address: how many are the same, differ, are on one side only, or could not be read."""

    same: int = 0
    different: int = 0
    only_a: int = 0
    only_b: int = 0
    not_read: int = 0


class Compared(NamedTuple):
    """What came of it. `pairs` has all that are not identical, in the order of A, then what only B has; `counts` is by state.

    `finished` is False when it was stopped: then what is not counted was not compared.
    """

    a: Side
    b: Side
    counts: dict[str, int]
    pairs: tuple[Pair, ...]
    others: Others
    findings: tuple[Finding, ...]
    finished: bool
    bytes_read: int
    elapsed_s: float
