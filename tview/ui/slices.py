"""A stack as a row of slices: instances in their order, multi-frame objects frame by frame, missing ones left out and counted."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from tview.catalog import Instance, Stack


@dataclass(frozen=True, slots=True)
class Slice:
    """What a pane shows of a stack: one frame (index from 0) of one instance."""

    instance: Instance
    frame: int


class Slices:
    """Indexable, in constant memory whatever number of frames a header claims."""

    def __init__(self, stack: Stack | None) -> None:
        listed = stack.instances if stack is not None else ()
        self.instances = [instance for instance in listed if instance.state != "missing"]
        self.missing = len(listed) - len(self.instances)
        self._ends = list(accumulate(max(1, instance.frames or 1) for instance in self.instances))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, position: int) -> Slice:
        """The slice at a position; outside the stack the nearest one. `IndexError` for an empty stack."""
        if not self._ends:
            raise IndexError(position)
        position = max(0, min(len(self) - 1, position))
        index = bisect_right(self._ends, position)
        return Slice(self.instances[index], position - (self._ends[index - 1] if index else 0))

    def position_of(self, instance: Instance, frame: int) -> int | None:
        """Where an instance stands, by its address; None when it is not in the stack."""
        for index, candidate in enumerate(self.instances):
            if candidate.path == instance.path and candidate.source_number == instance.source_number:
                return (self._ends[index - 1] if index else 0) + min(frame, max(0, (candidate.frames or 1) - 1))
        return None

    def position_of_number(self, instance_number: int) -> int | None:
        """Where the image with an Instance Number stands: its first frame."""
        for index, candidate in enumerate(self.instances):
            if candidate.instance_number == instance_number:
                return self._ends[index - 1] if index else 0
        return None
