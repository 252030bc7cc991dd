"""The full-screen viewer; the only room that knows Textual.

How something is added:

- A tool: a row in `tools.TOOLS`, and a method ``action_<name>`` in the family it belongs to (`tview.ui.actions`; a new family is a class
  on `actions.base.Acting` that `Actions` inherits). Footer, key sheet, palette and tests are made from the row. A tool without a key is in
  the palette only.
- A mode: a row in `tools.MODES`, a tool ("mode", argument=<mode>) that enters it, tools with ``mode=<mode>`` for its keys, and for the
  mouse ``press_<mode>``, ``drag_<mode>``, ``release_<mode>`` (see `hand`).
- A full page (report, verdict): a `page.PageContent`, shown by ``screen.open_page(content)``. A sheet: ``screen.popup.open_list(...)``.
- Something over the picture: a function from a pane to layers in ``screen.mark_providers``, asked on the screen's thread when a picture is
  asked for (then `ask` the pane again when the marks change); or, where the decoded frame is needed, a function of the request and the
  frame in ``screen.painter.layer_providers``, asked on the render thread.
- Something else to scroll through: a `slices.Row`, put into a pane by ``pane.state.cut(row, position)``.
- Whatever has to happen once a pane shows what was asked for last: `Acting.settled`.
"""

from tview.ui.actions import OPEN_ANOTHER
from tview.ui.run import choose_source, run_viewer
from tview.ui.session import Session

__all__ = ["OPEN_ANOTHER", "Session", "choose_source", "run_viewer"]
