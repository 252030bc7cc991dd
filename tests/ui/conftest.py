"""A viewer without a terminal: the real application, the real threads, a real disc; only the driver is Textual's headless one."""

import asyncio
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Viewer:
    """What a test does with a running viewer."""

    def __init__(self, app, pilot) -> None:
        self.app, self.pilot = app, pilot

    @property
    def screen(self):
        return self.app.screen

    @property
    def pane(self):
        return self.app.screen.panes[0]

    def text(self) -> str:
        """The whole screen as it is drawn, row by row."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    def row(self, y: int) -> str:
        return self.text().split("\n")[y]

    async def until(self, condition, timeout_s: float = 20.0) -> None:
        end = time.monotonic() + timeout_s
        while not condition():
            assert self.app._exception is None, self.app._exception
            assert time.monotonic() < end, f"never came true; on screen:\n{self.text()}"
            await asyncio.sleep(0.02)
        await self.pilot.pause()

    async def settled(self) -> None:
        """The picture that stands is the one asked for last, and the medium is read."""
        await self.until(lambda: self.screen.catalog is not None and self.screen.catalog.complete)
        await self.until(self._shows_the_newest)

    def _shows_the_newest(self) -> bool:
        pane = self.pane
        return pane.shown is not None and pane.shown.request.serial == pane.state.serial and not self.screen.painter.is_behind

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()
        await self.settled()


@pytest.fixture
def viewer():
    """`async with viewer(sources, size=(132, 43), **settings) as v`."""
    from tview.media import open_medium
    from tview.settings import Settings
    from tview.terminal import assumed_facts
    from tview.ui.app import TviewApp
    from tview.ui.session import Session

    @asynccontextmanager
    async def start(*sources, size=(132, 43), path="blocks", settings=None, ready=True):
        media = [open_medium(str(source)) for source in sources]
        facts = assumed_facts({"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}, *size)
        names = [Path(str(source)).name for source in sources]
        app = TviewApp(Session(media, names, settings or Settings(), facts, path))
        try:
            async with app.run_test(size=size) as pilot:
                v = Viewer(app, pilot)
                if ready:
                    await v.settled()
                yield v
        finally:
            for medium in media:
                medium.close()

    return start


@pytest.fixture
def demo():
    return ROOT / "fixtures" / "demo.iso"


@pytest.fixture
def small():
    return ROOT / "fixtures" / "small"
