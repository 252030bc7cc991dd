"""What holds for one frame: its own functional groups before the shared ones before the data set (PS3.3 C.7.6.16)."""

from dataclasses import dataclass
from typing import NamedTuple

from tview.dicom import DataSet
from tview.text import SafeText

SHARED_FUNCTIONAL_GROUPS_SEQUENCE, PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE = 0x52009229, 0x52009230
FRAME_CONTENT, STACK_ID, IN_STACK_POSITION_NUMBER = 0x00209111, 0x00209056, 0x00209057
TEMPORAL_POSITION_INDEX, DIMENSION_INDEX_VALUES, GRID_FRAME_OFFSET_VECTOR = 0x00209128, 0x00209157, 0x3004000C


class FrameContent(NamedTuple):
    """Where a frame stands among the others of its object, counted from 1 (PS3.3 C.7.6.16.2.2); None is "the file does not say"."""

    stack_id: SafeText | None
    in_stack_position_number: int | None
    temporal_position_index: int | None
    dimension_index_values: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The attributes of one frame, asked by the functional group's sequence tag and the attribute's."""

    data_set: DataSet
    frame: DataSet | None = None
    shared: DataSet | None = None
    index: int = 0

    def item(self, group: int, tag: int) -> DataSet:
        """The data set that answers for `tag`: where it stands first."""
        for source in (self.frame, self.shared):
            for item in source.items(group)[:1] if source is not None else ():
                if tag in item:
                    return item
        return self.data_set

    def numbers(self, group: int, tag: int) -> tuple[float, ...]:
        return self.item(group, tag).numbers(tag)

    def number(self, group: int, tag: int) -> float | None:
        return self.item(group, tag).number(tag)

    def text(self, group: int, tag: int) -> SafeText | None:
        return self.item(group, tag).text(tag)

    def texts(self, group: int, tag: int) -> tuple[SafeText, ...]:
        return self.item(group, tag).texts(tag)

    def items(self, group: int, tag: int) -> tuple[DataSet, ...]:
        return self.item(group, tag).items(tag)

    @property
    def content(self) -> FrameContent:
        """The frame's places in its stack, in time and along the dimensions of its object."""
        position, time = self.number(FRAME_CONTENT, IN_STACK_POSITION_NUMBER), self.number(FRAME_CONTENT, TEMPORAL_POSITION_INDEX)
        return FrameContent(
            stack_id=self.text(FRAME_CONTENT, STACK_ID),
            in_stack_position_number=None if position is None else int(position),
            temporal_position_index=None if time is None else int(time),
            dimension_index_values=tuple(int(value) for value in self.numbers(FRAME_CONTENT, DIMENSION_INDEX_VALUES)),
        )

    @property
    def offset_mm(self) -> float:
        """How far a dose plane lies from the first one, along the normal: PS3.3 C.8.8.3.2; 0 for everything else."""
        offsets = self.data_set.numbers(GRID_FRAME_OFFSET_VECTOR)
        return offsets[self.index] - offsets[0] if self.index < len(offsets) else 0.0


class FrameGroups:
    """The functional groups of every frame of one object, found once."""

    def __init__(self, data_set: DataSet) -> None:
        self._data_set = data_set
        shared = data_set.items(SHARED_FUNCTIONAL_GROUPS_SEQUENCE)
        self._shared = shared[0] if shared else None
        self._frames = data_set.items(PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)

    @property
    def differ(self) -> bool:
        """Whether frames have something of their own: groups, or a place in a grid of dose planes."""
        return bool(self._frames) or GRID_FRAME_OFFSET_VECTOR in self._data_set

    def of(self, index: int) -> Groups:
        """What holds for the frame at `index`, from 0."""
        return Groups(self._data_set, self._frames[index] if index < len(self._frames) else None, self._shared, index)
