"""What is measured, what it is measured against, and what is asked of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.material import Material

Sample = Mapping[str, float]
"""One run's costs by measure: a name that ends in its unit, such as ``cpu_ms``."""

OURS = "tview"


@dataclass(frozen=True, slots=True)
class Case:
    """One way of doing the thing. `missing` says why it cannot be run here; then it is named and left out."""

    name: str
    run: Callable[[], Sample]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A limit on one measure of one case.

    Against a peer: `ours` is at most `at_most` times the peer (plus `plus`, in the measure's unit), or the peer at least `at_least` times
    `ours`. Without a peer `at_most` and `at_least` are in the measure's unit.
    """

    measure: str
    peer: str | None = None
    at_most: float | None = None
    at_least: float | None = None
    plus: float = 0.0
    ours: str = OURS
    note: str = ""
    """Why it is not met, where that is known; shown only then."""


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that are run round-robin, and what is asked of them. `words` are shown beside a case."""

    title: str
    cases: tuple[Case, ...]
    asked: tuple[Asked, ...]
    measures: tuple[str, ...] = ("cpu_ms", "wall_ms")
    repeats: int = 9
    warm_up: bool = True
    """Whether a first round is not measured."""
    words: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A group as it was measured: medians by case and measure, cases that were left out and why."""

    group: Group
    medians: Mapping[str, Sample]
    left_out: Mapping[str, str]
    repeats: int


@dataclass(frozen=True, slots=True)
class Bench:
    """One run: whether it is a small one, where its files lie, and the material, made when first asked for."""

    quick: bool
    folder: Path
    material: "Material"

    @property
    def many(self) -> int:
        """How many files a large disc has here."""
        return self.material.many


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: groups are made one after the other, each when the one before has been measured."""

    name: str
    title: str
    groups: Callable[[Bench], Iterator[Group]]
