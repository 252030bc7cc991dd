"""A stack on its way to a volume: planned, or refused with the reason, then filled from the middle outwards on a thread of its own."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tview import pixels
from tview.errors import PixelError, TviewError, finding
from tview.ui.frames import Frames
from tview.ui.messages import VolumeFailed, VolumeMore, VolumeReady
from tview.ui.slices import Row

if TYPE_CHECKING:
    from tview.pixels import Volume

Tell = Callable[[VolumeReady | VolumeMore | VolumeFailed], object]
_TOLD_EVERY_S = 0.4


class VolumeThread(threading.Thread):
    """Makes one volume; `cancel` ends it after the slice at hand."""

    def __init__(self, frames: Frames, row: Row, stack_key: str, tell: Tell) -> None:
        super().__init__(daemon=True, name="tview-volume")
        self._frames, self._row, self._key, self._tell = frames, row, stack_key, tell
        self._cancelled = threading.Event()
        self._told = 0.0

    def cancel(self) -> None:
        """Nothing of it is wanted any more."""
        self._cancelled.set()

    def run(self) -> None:
        """Tell the empty volume as soon as it is known to be one, then each time more of it is there."""
        try:
            volume = self._planned()
            if volume is None:
                return
            self._send(VolumeReady(self._key, volume, len(self._row)))
            count = len(self._row)
            order = sorted(range(count), key=lambda number: abs(number - count // 2))
            if volume.fill(self._load, order=order, cancelled=self._cancelled.is_set, progress=lambda _there: self._more(volume)):
                self._send(VolumeMore(self._key, volume, done=True))
        except TviewError as error:
            self._send(VolumeFailed(self._key, error.finding))
        except Exception as error:  # the door: the stack can still be looked at image by image
            self._send(VolumeFailed(self._key, finding("internal-error", kind=type(error).__name__)))

    def _planned(self) -> "Volume | None":
        descriptions = []
        for position in range(len(self._row)):
            if self._cancelled.is_set():
                return None
            shape = self._row[position]
            descriptions.append(self._frames.open(shape.instance).image.describe(shape.frame))
        return pixels.Volume(pixels.plan_volume(descriptions))

    def _load(self, number: int) -> "pixels.Frame":
        shape = self._row[number]
        try:
            return self._frames.load(shape.instance, shape.frame)
        except PixelError:
            raise
        except TviewError as error:
            raise PixelError(error.finding) from error

    def _more(self, volume: "Volume") -> None:
        now = time.monotonic()
        if now - self._told > _TOLD_EVERY_S:
            self._told = now
            self._send(VolumeMore(self._key, volume, done=False))

    def _send(self, message: VolumeReady | VolumeMore | VolumeFailed) -> None:
        if not self._cancelled.is_set():
            self._tell(message)
