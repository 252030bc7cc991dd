"""What a digit key does to the view: full range, a window of the file, a preset of the modality; or why not, in words."""

from dataclasses import replace

from tview.pixels import View, Window
from tview.text import SafeText
from tview.ui.look import words
from tview.ui.shown import Shown

_ = str


def preset_view(shown: Shown | None, view: View, digit: int) -> View | SafeText:
    """The view after a digit key: 0 the full range, 1 and 2 windows or VOI LUTs of the file, 3 to 9 presets of the modality."""
    if shown is None or shown.frame is None:
        return words(_("no picture"))
    description = shown.frame.description
    if description.is_colour:
        return words(_("a colour picture has no window"))
    if digit == 0:
        low, high = shown.frame.value_range()
        return view.windowed(Window((low + high) / 2, max(high - low, 1.0), "LINEAR_EXACT", words(_("full range")), "reader"))
    fitting, why = shown.presets
    own = len(description.windows) + len(description.voi_luts)
    if digit <= 2 or not fitting:
        return _own_window(shown, view, digit, own, why)
    if digit - 3 < min(len(fitting), 7):
        preset = fitting[digit - 3]
        return replace(view.windowed(preset.window(shown.suv_factor)), invert=preset.invert or view.invert)
    return words(_("there are presets 3 to {last}"), last=min(9, 2 + len(fitting)))


def _own_window(shown: Shown, view: View, digit: int, own: int, why: str | None) -> View | SafeText:
    assert shown.frame is not None
    description = shown.frame.description
    if digit == 2 and own > 1:  # the next one after the one in force, and round again
        in_force = view.voi_lut_index + len(description.windows) if view.voi_lut_index is not None else None
        if in_force is None:
            now = view.window or (description.windows[0] if description.windows else None)
            in_force = next((index for index, window in enumerate(description.windows) if window == now), -1)
        digit = (max(in_force, 0) + 1) % own + 1
    if digit == 1 and not own:
        return replace(view, window=None, voi_lut_index=None)
    if digit <= len(description.windows):
        return view.windowed(description.windows[digit - 1])
    if digit <= own:
        return replace(view, window=None, voi_lut_index=digit - 1 - len(description.windows))
    if digit > 2 and why:
        return words(_("no preset here: {why}"), why=why)
    return words(_("the file has {count} windows"), count=own) if own != 1 else words(_("the file has one window"))
