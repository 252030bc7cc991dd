"""What the mouse does, and the tool that does the same by a key: the key sheet and the documents are made from it."""

from typing import NamedTuple

_ = str


class Gesture(NamedTuple):
    """`tool` is the id of a tool with a key, or the key itself where a list or page has it."""

    gesture: str
    title: str
    tool: str


GESTURES: tuple[Gesture, ...] = (
    Gesture(_("wheel"), _("next, previous image"), "scroll.1"),
    Gesture(_("Ctrl and wheel"), _("larger, smaller"), "zoom.1"),
    Gesture(_("left drag"), _("the tool whose mode is on; else scrolls"), "scroll.1"),
    Gesture(_("left drag in window mode, right drag"), _("window: across is width, down is level"), "mode.window"),
    Gesture(_("left drag in zoom mode"), _("larger, smaller"), "mode.zoom"),
    Gesture(_("left drag in pan mode, middle drag"), _("moves the picture"), "mode.pan"),
    Gesture(_("press and drag while measuring"), _("sets points"), "measure.put_point"),
    Gesture(_("pointer over the picture"), _("value and place under it"), "probe"),
    Gesture(_("press in a pane"), _("gives it the keys"), "focus_other.1"),
    Gesture(_("click in the tree"), _("opens a series, folds"), "enter"),
    Gesture(_("click on a thumbnail"), _("opens its series"), "series.1"),
    Gesture(_("wheel over tree, sheet or page"), _("scrolls it"), "down"),
    Gesture(_("click on a row of a sheet"), _("chooses it"), "enter"),
    Gesture(_("click on a title"), _("closes sheet or page"), "escape"),
)
