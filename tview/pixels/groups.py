"""What holds for one frame: its own functional groups before the shared ones before the data set (PS3.3 C.7.6.16)."""

from dataclasses import dataclass

from tview.dicom import DataSet
from tview.text import SafeText

SHARED_FUNCTIONAL_GROUPS_SEQUENCE, PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE = 0x52009229, 0x52009230


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The attributes of one frame, asked by the functional group's sequence tag and the attribute's."""

    data_set: DataSet
    frame: DataSet | None = None
    shared: DataSet | None = None

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


class FrameGroups:
    """The functional groups of every frame of one object, found once."""

    def __init__(self, data_set: DataSet) -> None:
        self._data_set = data_set
        shared = data_set.items(SHARED_FUNCTIONAL_GROUPS_SEQUENCE)
        self._shared = shared[0] if shared else None
        self._frames = data_set.items(PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)

    @property
    def differ(self) -> bool:
        """Whether frames have groups of their own."""
        return bool(self._frames)

    def of(self, index: int) -> Groups:
        """What holds for the frame at `index`, from 0."""
        return Groups(self._data_set, self._frames[index] if index < len(self._frames) else None, self._shared)
