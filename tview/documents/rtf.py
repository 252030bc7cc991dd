"""Rich text (RTF 1.9) as text: letters in its code page, paragraphs, tables as rows. Objects, pictures and field codes are left out."""

import re
from typing import NamedTuple

from tview.documents.encapsulated import content_of, size_words
from tview.documents.kinds import Material
from tview.documents.marked_text import HIDDEN, LEVEL_END, LOWERED, RAISED, STRUCK, STRUCK_END, told, unmarked
from tview.documents.model import Document, Fact, Paragraph
from tview.documents.reading import Reading
from tview.text import SafeText, safe, safe_lines, translate

_LARGEST = 16 << 20
_DEEPEST = 256
_TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
_UNSEEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object objdata themedata colorschememapping datastore fldinst xmlnstbl listtable "
    b"listoverridetable rsidtbl generator header footer headerl headerr headerf footerl footerr footerf latentstyles filetbl revtbl "
    b"shprslt".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"page": "\n\n", b"sect": "\n\n", b"row": "\n", b"cell": "\t", b"tab": "\t", b"emdash": "—",
           b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ",
           b"enspace": " "}  # fmt: skip
_STRUCK = frozenset((b"strike", b"striked", b"deleted"))
_LEVELS = {b"super": RAISED, b"sub": LOWERED, b"nosupersub": "", b"up": RAISED, b"dn": LOWERED}
_CODE_PAGES = {b"ansi": "cp1252", b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}


def read(material: Material, reading: Reading) -> Document:
    """The running text."""
    data = content_of(material)
    body = safe_lines(rtf_text(data[:_LARGEST]).strip("\n"))
    paragraphs = tuple(Paragraph(SafeText(part)) for part in body.split("\n\n") if part.strip())
    facts = [Fact(safe(translate("Size")), size_words(material.size))]
    if len(data) > _LARGEST:
        facts.append(Fact(safe(translate("Shown")), safe(translate("the first {size}").format(size=size_words(_LARGEST)))))
    return Document("rtf", safe(material.path.rpartition("/")[2]), tuple(facts), paragraphs, size=material.size)


def rtf_text(data: bytes) -> str:
    """Its characters. Never raises; groups that are not closed end with the file."""
    reader = _Reader()
    for match in _TOKEN.finditer(data):
        reader.token(*match.groups())
    return reader.finish()


class _State(NamedTuple):
    """What holds for the text of a group. `level` is how it stands on the line, `closing` what the end of the group writes."""

    unseen: bool = False
    skip_after_unicode: int = 1
    is_struck: bool = False
    is_hidden: bool = False
    level: str = ""
    closing: str = ""


class _Reader:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._codec, self._pending = "cp1252", bytearray()
        self._state, self._stack, self._too_deep = _State(), list[_State](), 0
        self._skip, self._is_first = 0, False

    def token(self, *match: bytes | None) -> None:
        """The groups of one match of `_TOKEN`."""
        word, number, byte, symbol, brace, plain = match
        opens, self._is_first = self._is_first, brace == b"{"
        if brace:
            self._brace(brace)
        elif symbol == b"*" and opens:
            self._state = self._state._replace(unseen=True)
        elif word is not None:
            self._word(word, int(number) if number else None, opens)
        elif self._state.unseen:
            return
        elif byte is not None:
            if self._skip:
                self._skip -= 1
            else:
                self._pending.append(int(byte, 16))
        elif symbol is not None:
            self._write({b"~": " ", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n"}.get(symbol, symbol.decode("latin-1")))
        elif plain is not None:
            self._pending += plain[self._skip :]
            self._skip = max(0, self._skip - len(plain))

    def finish(self) -> str:
        """The text; what is struck out, raised or hidden in it is told."""
        self._turn(_State())
        text = "".join(self._out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return told(text)

    def _brace(self, brace: bytes) -> None:
        if brace == b"{" and len(self._stack) < _DEEPEST:
            self._stack.append(self._state)
            self._state = self._state._replace(closing="")
        elif brace == b"{":
            self._too_deep += 1
        elif self._too_deep:
            self._too_deep -= 1
        elif self._stack:
            self._write(self._state.closing)
            self._turn(self._stack.pop())

    def _word(self, word: bytes, number: int | None, opens: bool) -> None:
        state = self._state
        if opens and word in _UNSEEN:
            self._state = state._replace(unseen=True)
        elif opens and word == b"shptxt":  # the words of a text box, which stand in a group that other readers skip
            self._state = state._replace(unseen=False)
        elif word == b"ansicpg" and number:
            self._flush()
            self._codec = _known(f"cp{number}")
        elif word in _CODE_PAGES:
            self._flush()
            self._codec = _CODE_PAGES[word]
        elif word == b"uc" and number is not None:
            self._state = state._replace(skip_after_unicode=min(max(number, 0), 8))
        elif state.unseen:
            return
        elif opens and word == b"footnote":
            self._write(f" [{translate('footnote')}: ")
            self._state = state._replace(closing="]")
        elif word == b"u" and number is not None:
            self._write(chr(number % 0x10000))
            self._skip = state.skip_after_unicode
        elif word in _BREAKS:
            self._write(_BREAKS[word])
        else:
            self._turn(_formatted(state, word, number))

    def _turn(self, state: _State) -> None:
        """What follows is formatted like this. Marks are closed in the reverse of the order they are opened in."""
        before, self._state = self._state, state
        self._flush(before)
        if (before.is_struck, before.level) != (state.is_struck, state.level):
            ends = (LEVEL_END if before.level else "") + (STRUCK_END if before.is_struck else "")
            self._out.append(ends + (STRUCK if state.is_struck else "") + state.level)

    def _write(self, text: str) -> None:
        self._flush()
        if text:
            self._put(unmarked(text), self._state)

    def _flush(self, state: _State | None = None) -> None:
        if self._pending:
            self._put(unmarked(bytes(self._pending).decode(self._codec, "replace")), state or self._state)
            self._pending.clear()

    def _put(self, text: str, state: _State) -> None:
        if state.is_hidden:
            self._out.append(HIDDEN if text.strip() else "")
        else:
            self._out.append(text)


def _formatted(state: _State, word: bytes, number: int | None) -> _State:
    """After a word of character formatting; others change nothing. 0 switches off."""
    is_on = number != 0
    if word in _STRUCK:
        return state._replace(is_struck=is_on)
    if word == b"v":
        return state._replace(is_hidden=is_on)
    if word in _LEVELS:
        return state._replace(level=_LEVELS[word] if is_on else "")
    return state._replace(is_struck=False, is_hidden=False, level="") if word == b"plain" else state


def _known(codec: str) -> str:
    try:
        "".encode(codec)
    except LookupError:
        return "cp1252"
    return codec
