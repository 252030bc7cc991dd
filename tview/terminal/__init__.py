"""From a picture to what this terminal draws: what it is, which way to take, the bytes. Knows neither DICOM nor Textual."""

from tview.terminal.choose import PATHS, Choice, choose, with_glyphs
from tview.terminal.encoder import ENCODERS, Encoder, EncoderKind, Painting, make_encoder
from tview.terminal.facts import TRUE_COLOUR, Answer, TerminalFacts
from tview.terminal.glyphs import GLYPHS
from tview.terminal.identify import assumed_facts
from tview.terminal.png import encode_png
from tview.terminal.probe import drain, probe, require_terminal, window_size
from tview.terminal.quirks import QUIRKS, Quirk
from tview.terminal.restore import restore_bytes
from tview.terminal.stored import Kept, PictureStore

__all__ = [
    "ENCODERS",
    "GLYPHS",
    "PATHS",
    "QUIRKS",
    "TRUE_COLOUR",
    "Answer",
    "Choice",
    "Encoder",
    "EncoderKind",
    "Kept",
    "Painting",
    "PictureStore",
    "Quirk",
    "TerminalFacts",
    "assumed_facts",
    "choose",
    "drain",
    "encode_png",
    "make_encoder",
    "probe",
    "require_terminal",
    "restore_bytes",
    "window_size",
    "with_glyphs",
]
