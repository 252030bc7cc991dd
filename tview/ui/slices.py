"""A stack as a row of slices: instances in their order, multi-frame objects frame by frame, missing ones left out and counted."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from tview.catalog import FrameRow, Instance, Stack


class Shape(Protocol):
    """What a pane shows of a row: an image (`Slice`), a plane through a volume (`Cut`). `instance` speaks for whose and what it is."""

    @property
    def instance(self) -> Instance: ...
    @property
    def frame(self) -> int: ...


class Row(Protocol):
    """What a pane scrolls through, from position 0."""

    missing: int

    def __len__(self) -> int: ...
    def __getitem__(self, position: int) -> Shape: ...
    def listed_place(self, position: int) -> int:
        """The place from 1 in the list with the missing ones counted in."""

    def missing_around(self, position: int) -> tuple[list[int | None], list[int | None]]:
        """Instance Numbers of the missing objects just before and just behind."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One frame (index from 0) of one instance."""

    instance: Instance
    frame: int


class Slices:
    """Indexable, in constant memory whatever number of frames a header claims."""

    def __init__(self, stack: Stack | None, present: Mapping[tuple[int, str], int] | None = None) -> None:
        """`present` says of objects how many of the frames that they claim are there, where that is known."""
        listed = stack.instances if stack is not None else ()
        self.instances = [instance for instance in listed if instance.state != "missing"]
        self.missing = len(listed) - len(self.instances)
        known = present or {}
        frames = (known.get((instance.source_number, instance.path), instance.frames or 1) for instance in self.instances)
        self._ends = list(accumulate(max(1, count) for count in frames))
        self._rows = stack.frame_rows if stack is not None else ()
        order = [number - 1 for row in self._rows for number in row.frames]
        self._order = order if sorted(order) == list(range(len(self))) else None  # as the functional groups say; None: as stored
        self._missing_before: list[list[int | None]] = [[]]
        for instance in listed:
            if instance.state == "missing":
                self._missing_before[-1].append(instance.instance_number)
            else:
                self._missing_before.append([])

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, position: int) -> Slice:
        """The slice at a position; outside the stack the nearest one. `IndexError` for an empty stack."""
        if not self._ends:
            raise IndexError(position)
        position = max(0, min(len(self) - 1, position))
        if self._order is not None:
            position = self._order[position]
        index = bisect_right(self._ends, position)
        return Slice(self.instances[index], position - (self._ends[index - 1] if index else 0))

    @property
    def places(self) -> "list[float | None]":
        """Millimetres along the normal of the stack, slice by slice; None within objects of several frames."""
        return [self._place(position) for position in range(len(self))]

    def _place(self, position: int) -> float | None:
        index = bisect_right(self._ends, position)
        alone = self._ends[index] - (self._ends[index - 1] if index else 0) == 1
        return self.instances[index].position_mm if alone else None

    def row_at(self, position: int) -> FrameRow | None:
        """Of several rows of frames the one that a position lies in; None where there are no rows, or only one."""
        if self._order is None or len(self._rows) < 2:
            return None
        return self._rows[bisect_right(list(accumulate(len(row.frames) for row in self._rows)), position)]

    def listed_place(self, position: int) -> int:
        """The place from 1 in the list with the missing ones counted in."""
        index = bisect_right(self._ends, position)
        return position + 1 + sum(map(len, self._missing_before[: index + 1]))

    def missing_around(self, position: int) -> tuple[list[int | None], list[int | None]]:
        """Instance Numbers of the missing objects listed just before and just behind the slice's own."""
        index = bisect_right(self._ends, position)
        return self._missing_before[index], self._missing_before[index + 1] if index + 1 < len(self._missing_before) else []

    def is_missing(self, instance_number: int) -> bool:
        """Whether an image with this number is listed and not there."""
        return any(instance_number in numbers for numbers in self._missing_before)

    def position_of(self, instance: Instance, frame: int) -> int | None:
        """Where a frame (from 0) of an instance stands; None when the instance is not in the stack, or has no such frame."""
        return self.position_at(instance.source_number, instance.path, frame)

    def position_at(self, source_number: int, path: str, frame: int) -> int | None:
        """The same, by the address of the instance."""
        for index, candidate in enumerate(self.instances):
            if candidate.path == path and candidate.source_number == source_number:
                first = self._ends[index - 1] if index else 0
                stored = first + frame
                if not first <= stored < self._ends[index]:
                    return None
                return stored if self._order is None else self._order.index(stored)
        return None

    def instance_at(self, source_number: int, path: str) -> Instance | None:
        """The instance with an address; None when it is not in the stack."""
        return next((one for one in self.instances if one.path == path and one.source_number == source_number), None)

    def position_of_number(self, instance_number: int) -> int | None:
        """Where the image with an Instance Number stands: its first frame."""
        for index, candidate in enumerate(self.instances):
            if candidate.instance_number == instance_number:
                stored = self._ends[index - 1] if index else 0
                return stored if self._order is None else self._order.index(stored)
        return None
