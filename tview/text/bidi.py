"""Right-to-left text for terminals that draw every character where it is sent: the letters are put in the order the eye meets them."""

import re
import unicodedata

from tview.text.gate import SafeText

_MAYBE = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]").search
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def visual_order(text: SafeText) -> SafeText:
    """The text with each right-to-left run turned round, its numbers left as they are and marks behind their letters.

    Runs begin and end at a right-to-left letter: what stands beside one (a date, an ID) keeps its place, as inside an isolate of the
    Unicode bidirectional algorithm (UAX 9). Left-to-right letters inside end a run.
    """
    if not _MAYBE(text):
        return text
    out, place = [], 0
    while place < len(text):
        end = _run_end(text, place)
        out.append(_turned(text[place:end]) if end > place else text[place])
        place = max(end, place + 1)
    return SafeText("".join(out))


def _run_end(text: str, start: int) -> int:
    """Where the right-to-left run that begins here ends; `start` when none does."""
    end = start
    for place in range(start, len(text)):
        kind = unicodedata.bidirectional(text[place])
        if kind in ("R", "AL"):
            end = place + 1
        elif kind == "NSM" and end == place:
            end = place + 1 if end > start else end
        elif kind == "L" or end == start:
            break
    return end


def _turned(run: str) -> str:
    pieces = re.findall(r"\d+(?:[.,:/]\d+)*|.", run, re.DOTALL)
    kept: list[str] = []
    for piece in pieces:
        if kept and unicodedata.combining(piece[0]):
            kept[-1] += piece
        else:
            kept.append(piece)
    return "".join(piece.translate(_MIRRORED) for piece in reversed(kept))
