"""Cine: images by the clock, as fast as the terminal draws them, and said how fast that is."""

import time

from tview.ui.actions.base import Acting
from tview.ui.look import words
from tview.ui.pane import PicturePane

_ = str
_CINE_RATES = (0.5, 1, 2, 3, 5, 7, 10, 12, 15, 20, 25, 30, 40, 60)
_MEASURED_S = 2.0
_HONEST = 0.9
WAYS: tuple[tuple[str, str], ...] = (
    ("loop", _("round and round")),
    ("ping-pong", _("to and fro")),
    ("once", _("once, to the end")),
)


class CineActions(Acting):
    """Play, stop, slower, faster, which part, which way."""

    cine_way: str
    cine_step: int
    cine_drawn: list[float]
    """When the pictures of the last seconds stood on the screen."""
    cine_told: float

    def action_cine(self) -> None:
        """Play or stop. The rate is the file's, else the setting's."""
        if self.cine_timer is not None:
            self.stop_cine()
            self.tell(words(_("stopped")), "chrome.dim")
            return
        if len(self.pane.slices) < 2:
            self.tell(words(_("one image: nothing to play")))
            return
        self.cine_fps = self.cine_fps or self.pane.cine_rate or self.session.settings.cine_fps
        self.cine_step = 1
        first, last = self._range()
        if not first <= self.pane.state.position < last:
            self.show_position(first)
        self._play()

    def _play(self) -> None:
        self.stop_cine()
        self.cine_drawn, self.cine_told = [], 0.0
        self.cine_timer = self.set_interval(1 / self.cine_fps, self.tick)
        self._say_rate(None)

    def _say_rate(self, reached: float | None) -> None:
        """The rate asked for, and the one reached where that is less: on a slow line images are left out."""
        if reached is None:
            told = words(_("playing {fps} images/s; , and . change it, space stops"), fps=f"{self.cine_fps:g}")
            self.tell(told, "chrome.accent")
        else:
            told = words(_("playing {reached} of {fps} images/s: images are left out"), reached=f"{reached:.1f}", fps=f"{self.cine_fps:g}")
            self.tell(told, "chrome.amber")

    def stop_cine(self) -> None:
        """Stand still, at the image that stands."""
        if self.cine_timer is None:
            return
        self.cine_timer.stop()
        self.cine_timer = None
        pane = self.pane
        if pane.shown is not None and pane.shown.request.slices is pane.slices and pane.shown.request.position != pane.state.position:
            pane.state.position = pane.shown.request.position
            self.ask(pane, moving=False)
            self.scrolled(pane)

    def action_cine_rate(self, step: int) -> None:
        """Slower or faster."""
        now = self.cine_fps or self.pane.cine_rate or self.session.settings.cine_fps
        if step > 0:
            self.cine_fps = next((rate for rate in _CINE_RATES if rate > now), _CINE_RATES[-1])
        else:
            self.cine_fps = next((rate for rate in reversed(_CINE_RATES) if rate < now), _CINE_RATES[0])
        if self.cine_timer is not None:
            self._play()
        else:
            self.tell(words(_("cine rate {fps} images/s"), fps=f"{self.cine_fps:g}"), "chrome.dim")

    def action_cine_way(self) -> None:
        """Round and round, to and fro, or once."""
        names = [name for name, _title in WAYS]
        self.cine_way = names[(names.index(self.cine_way) + 1) % len(names)]
        self.tell(words(_("cine: {way}"), way=words(dict(WAYS)[self.cine_way])), "chrome.dim")

    def action_cine_range(self) -> None:
        """The first press sets where playing begins, the second where it ends, the third plays everything again."""
        position, known = self.pane.state.position, self.cine_range
        if known is None:
            self.cine_range = (position, None)
            told = words(_("plays from {first} on; the same key again sets the end"), first=position + 1)
        elif known[1] is None:
            first, last = sorted((known[0], position))
            self.cine_range = (first, last)
            told = words(_("plays {first} to {last}; the same key again plays all"), first=first + 1, last=last + 1)
        else:
            self.cine_range = None
            told = words(_("plays everything"))
        self.tell(told, "chrome.dim")

    def _range(self) -> tuple[int, int]:
        end = max(0, len(self.pane.slices) - 1)
        first, last = self.cine_range or (0, None)
        return min(first, end), min(last if last is not None else end, end)

    def tick(self) -> None:
        """One step of the cine, left out while the terminal has not drawn the last one."""
        if self.painter.is_behind:
            return
        first, last = self._range()
        position = self.pane.state.position + self.cine_step
        if first <= position <= last:
            self.show_position(position)
        elif self.cine_way == "loop":
            self.show_position(first)
        elif self.cine_way == "ping-pong":
            self.cine_step = -1 if position > last else 1
            self.show_position(max(first, min(last, self.pane.state.position + self.cine_step)))
        else:
            self.stop_cine()

    def cine_painted(self, pane: PicturePane) -> None:
        """A picture of the cine stands: count it, and say now and then how many a second there are."""
        if self.cine_timer is None or pane is not self.pane:
            return
        now = time.monotonic()
        self.cine_drawn = [drawn for drawn in self.cine_drawn if now - drawn < _MEASURED_S] + [now]
        if self.cine_told == 0.0:
            self.cine_told = now
        if now - self.cine_told < _MEASURED_S or len(self.cine_drawn) < 2:
            return
        self.cine_told = now
        reached = (len(self.cine_drawn) - 1) / max(1e-3, now - self.cine_drawn[0])
        self._say_rate(reached if reached < _HONEST * self.cine_fps else None)
