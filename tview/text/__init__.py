"""The one gate that text from a medium passes, and the words made of findings."""

from tview.text.bidi import visual_order
from tview.text.gate import SafeText, safe, safe_lines
from tview.text.width import cell_width, clip
from tview.text.words import advice_of, filled, message_of, sentence, times_of, translate

__all__ = [
    "SafeText",
    "advice_of",
    "cell_width",
    "clip",
    "filled",
    "message_of",
    "safe",
    "safe_lines",
    "sentence",
    "times_of",
    "translate",
    "visual_order",
]
