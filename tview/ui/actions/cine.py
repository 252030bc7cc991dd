"""Cine: images by the clock."""

from tview.ui.actions.base import Acting
from tview.ui.look import words

_ = str
_CINE_RATES = (0.5, 1, 2, 3, 5, 7, 10, 12, 15, 20, 25, 30, 40, 60)


class CineActions(Acting):
    """Play, stop, slower, faster."""

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
        self._play()

    def _play(self) -> None:
        self.stop_cine()
        self.cine_timer = self.set_interval(1 / self.cine_fps, self.tick)
        self.tell(words(_("playing at up to {fps} images/s; , and . change it, space stops"), fps=f"{self.cine_fps:g}"), "chrome.accent")

    def stop_cine(self) -> None:
        """Stand still."""
        if self.cine_timer is not None:
            self.cine_timer.stop()
            self.cine_timer = None

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

    def tick(self) -> None:
        """One step of the cine, left out while the terminal has not drawn the last one."""
        if self.painter.is_behind:
            return
        count = len(self.pane.slices)
        if count:
            self.show_position((self.pane.state.position + 1) % count)
