"""What threads send to the screen: finished values, one message each."""

from typing import TYPE_CHECKING

from textual.message import Message

from tview.catalog import Catalog
from tview.errors import Finding
from tview.ui.filmstrip import StripShown
from tview.ui.shown import Shown

if TYPE_CHECKING:
    from tview.pixels import Volume


class Snapshot(Message):
    """A fuller catalog, from the scan thread."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self.catalog = catalog


class Painted(Message):
    """A finished picture, from the render thread."""

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self.shown = shown


class StripPainted(Message):
    """Thumbnails, from the render thread."""

    def __init__(self, shown: StripShown) -> None:
        super().__init__()
        self.shown = shown


class Trouble(Message):
    """Something that ended the scan, from its thread."""

    def __init__(self, told: Finding) -> None:
        super().__init__()
        self.told = told


class Comings(Message):
    """A medium has gone, or is back, from the watching thread."""

    def __init__(self, number: int, there: bool) -> None:
        super().__init__()
        self.number, self.there = number, there


class Hurt(Message):
    """More of a medium could not be read, from the watching thread."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class NotOpened(Message):
    """The source cannot be opened, from the scan thread."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class VolumeReady(Message):
    """A stack is a volume; its values are still to come."""

    def __init__(self, stack_key: str, volume: "Volume", images: int) -> None:
        super().__init__()
        self.stack_key, self.volume, self.images = stack_key, volume, images


class VolumeMore(Message):
    """More of a volume is there, or all of it."""

    def __init__(self, stack_key: str, volume: "Volume", done: bool) -> None:
        super().__init__()
        self.stack_key, self.volume, self.done = stack_key, volume, done


class VolumeFailed(Message):
    """A stack is no volume, and why."""

    def __init__(self, stack_key: str, told: Finding) -> None:
        super().__init__()
        self.stack_key, self.told = stack_key, told
