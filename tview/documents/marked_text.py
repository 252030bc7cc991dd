"""Text whose meaning hangs on how it is written: struck out, raised, lowered, hidden. Told in characters, so that nothing is misread.

Readers of markup put the marks below into the running text; `told` turns them into words. They are Unicode noncharacters, and `unmarked`
takes them out of what a file holds.
"""

import re

from tview.text import translate

STRUCK, STRUCK_END, RAISED, LOWERED, LEVEL_END, HIDDEN = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4", "\ufdd5"
_MARKS = dict.fromkeys(map(ord, (STRUCK, STRUCK_END, RAISED, LOWERED, LEVEL_END, HIDDEN)))
_LEVEL = re.compile(f"([{RAISED}{LOWERED}])([^{RAISED}{LOWERED}{LEVEL_END}]*){LEVEL_END}")
_NOT_SHOWN = re.compile(f"\\s*{HIDDEN}[\\s{HIDDEN}]*")
_STRUCK = re.compile(f"{STRUCK}([^{STRUCK}{STRUCK_END}]*){STRUCK_END}")
_DEEPEST = 3


def unmarked(text: str) -> str:
    """Text of a file, in which none of the marks stand."""
    return text.translate(_MARKS)


def told(text: str) -> str:
    """``10^9`` for a raised 9, ``log_10 100`` for a lowered 10 that digits stand beside, ``[struck out: no]``, ``[part not shown]``."""
    for _ in range(_DEEPEST):
        text, count = _LEVEL.subn(_levelled, text)
        if not count:
            break
    text = _STRUCK.sub(_struck, text.replace(STRUCK_END + STRUCK, ""))
    return _NOT_SHOWN.sub(f" [{translate('part not shown')}] ", text).translate(_MARKS)


def _levelled(match: re.Match[str]) -> str:
    kind, inside, whole = match[1], match[2], match.string
    before = whole[max(0, match.start() - 9) : match.start()].translate(_MARKS)[-1:]
    after = whole[match.end() : match.end() + 9].translate(_MARKS)[:1]
    body = inside.translate(_MARKS).strip()
    if not body:
        return inside
    merges = (before.isdigit() and body[0].isdigit()) or (after.isdigit() and body[-1].isdigit())
    sign = "^" if kind == RAISED else "_" if merges else ""
    return f"{sign}{inside}{' ' if after.isdigit() and body[-1].isdigit() else ''}"


def _struck(match: re.Match[str]) -> str:
    inside = match[1]
    if not inside.strip():
        return inside
    lead, trail = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
    return f"{lead}[{translate('struck out')}: {inside.strip()}]{trail}"
