"""A window as a person writes it: 400/40, a preset's name, "auto"."""

import re
from typing import TYPE_CHECKING

from tview.pixels.view import View, Window

if TYPE_CHECKING:
    from tview.pixels.frame import Frame
    from tview.pixels.units import Preset

_NUMBERS = re.compile(r"\s*(\d+(?:\.\d+)?)/([+-]?\d+(?:\.\d+)?)\s*")


def window_of(text: str) -> Window | None:
    """The window of "W/L", width first; None when it is written otherwise."""
    match = _NUMBERS.fullmatch(text.replace("−", "-"))
    return Window(float(match[2]), float(match[1]), "LINEAR", None, "reader") if match else None


def asked_view(text: str, frame: "Frame", presets: "tuple[tuple[Preset, ...], str | None]", factor: float = 1.0) -> View | str:
    """The view with the window asked for on this frame, or why there is none, in words.

    `presets` are those that fit the image, or why none does (`Image.presets`); `factor` brings modality values to the presets' unit.
    """
    if frame.description.is_colour:
        return "a colour picture has no window"
    if text == "auto":
        from tview.pixels.rendering import auto_window

        return View(window=auto_window(frame))
    numbers = window_of(text)
    if numbers is not None:
        return View(window=numbers)
    fitting, why = presets
    for preset in fitting:
        if preset.name.casefold() == text.casefold():
            return View(window=preset.window(factor), invert=preset.invert)
    return f"{why or 'there are ' + ', '.join(preset.name for preset in fitting)}. W/L is written like 400/40."
