"""A data set: elements of a file or an item. Values stay bytes until they are asked for; nothing that is asked for raises."""

from collections.abc import Iterator
from typing import NamedTuple

from tview.dicom import values
from tview.dicom.buffer import Buffer
from tview.dicom.character_sets import CharacterSet, Decoded, character_set, decode
from tview.dicom.dictionary import vr_of
from tview.dicom.tags import PIXEL_REPRESENTATION, SPECIFIC_CHARACTER_SET
from tview.dicom.values import PersonName
from tview.dicom.walk import UNDEFINED, Budget, Entry, Layout, TooDeep, TooMany, is_explicit, skip_item, walk
from tview.text import SafeText, safe, safe_lines

_CONTROL = frozenset(range(0x20)) - frozenset(b"\t\n\f\r\x1b")


class Element(NamedTuple):
    """One element as it stands in the file (in the inflated stream of a deflated one). `value` is None for sequences and long values."""

    tag: int
    vr: str
    offset: int  # of the value
    length: int  # -1 when undefined
    value: bytes | None


class DataSet:
    """The elements of a data set or of an item, read-only. Threads may share it when the reader behind it allows that."""

    __slots__ = (
        "_budget",
        "_buffer",
        "_charset",
        "_end",
        "_found",
        "_given",
        "_items",
        "_parent",
        "_start",
        "explicit_vr",
        "little_endian",
    )

    def __init__(
        self,
        buffer: Buffer,
        start: int,
        end: int,
        layout: Layout,
        budget: Budget,
        parent: "DataSet | None",
        entries: dict[int, Entry] | None = None,
    ) -> None:
        self.explicit_vr, self.little_endian = layout
        self._buffer, self._start, self._end, self._budget, self._parent = buffer, start, end, budget, parent
        self._found = entries
        self._given: dict[int, bytes] = {}
        self._items: dict[int, tuple[DataSet, ...]] = {}
        self._charset: CharacterSet | None = None

    def give(self, given: dict[int, bytes], items: dict[int, tuple["DataSet", ...]]) -> None:
        """Set values and items that another reader found, in place of those at the entries' offsets."""
        self._given, self._items = given, items

    @property
    def start(self) -> int:
        """Where its first element begins, in what `Header.reader` reads; an item's tag is eight bytes before."""
        return self._start

    @property
    def _entries(self) -> dict[int, Entry]:
        if self._found is None:
            layout = Layout(self.explicit_vr, self.little_endian)
            self._found = walk(self._buffer, self._start, self._end, layout, self._budget.fresh()).entries
        return self._found

    def __contains__(self, tag: int) -> bool:
        return tag in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Element]:
        """The elements in file order."""
        for tag in self._entries:
            element = self.element(tag)
            assert element is not None
            yield element

    def tags(self) -> tuple[int, ...]:
        """The tags, in file order."""
        return tuple(self._entries)

    def element(self, tag: int) -> Element | None:
        """Where the element is, with its value when that is short."""
        entry = self._entries.get(tag)
        if entry is None:
            return None
        vr, offset, length = entry
        short = vr != "SQ" and 0 <= length <= 1 << 16
        return Element(tag, self.vr(tag), offset, max(length, -1), self.raw(tag) if short else None)

    def vr(self, tag: int) -> str:
        """The VR in the file; where that says nothing, or UN, the one of PS3.6 ("US or SS" where the file decides); "UN" when unknown."""
        entry = self._entries.get(tag)
        if entry is None or entry[0] not in ("", "UN"):
            return entry[0] if entry else "UN"
        return vr_of(tag)

    def raw(self, tag: int) -> bytes | None:
        """The bytes of the value, as many as the file has, read again if need be; None when absent or longer than the limit."""
        entry = self._entries.get(tag)
        if entry is None:
            return None
        if tag in self._given:
            return self._given[tag]
        _, offset, length = entry
        return self._buffer.value(offset, length if length >= 0 else ~length)

    def reader(self, tag: int) -> tuple[int, int] | None:
        """Offset and length of the value in what `read_header` was given (see `Header.read_at`), an undefined length counted out."""
        entry = self._entries.get(tag)
        return (entry[1], entry[2] if entry[2] >= 0 else ~entry[2]) if entry else None

    # --- text ---------------------------------------------------------------------------------------------------

    @property
    def charset(self) -> CharacterSet:
        """The character set that holds here: the item's own, else that of the data set around it (PS3.3 C.12.1.1.2)."""
        if self._charset is None:
            own = self.raw(SPECIFIC_CHARACTER_SET)
            self._charset = character_set((own or b"")[:1024]) if own or self._parent is None else self._parent.charset
        return self._charset

    def decoded(self, tag: int) -> Decoded | None:
        """The whole value as text, with how it had to be read; None when it is absent or no text. The text has not passed the gate."""
        raw = self.raw(tag)
        if raw is None:
            return None
        vr = self.vr(tag)
        if vr in values.CHARSET_TEXT:
            return decode(raw.rstrip(b" \0"), self.charset)
        if vr in values.TEXT or (vr == "UN" and _CONTROL.isdisjoint(raw.rstrip(b"\0"))):
            return decode(raw.strip(b" \0"), self.charset)
        return None

    def text(self, tag: int) -> SafeText | None:
        """The first value as one row; numbers as they are written, names by their alphabetic group. None when absent or empty."""
        found = self.texts(tag)
        if not found or not found[0]:
            return None
        if self.vr(tag) == "PN":
            name = values.person_name(found[0])
            return (name.alphabetic or name.ideographic or name.phonetic) if name else None
        return found[0]

    def texts(self, tag: int) -> tuple[SafeText, ...]:
        """All values, each as one row, split where the character set says a backslash is one; () when absent or empty."""
        decoded = self.decoded(tag)
        if decoded is None:
            return tuple(safe(_number(value)) for value in self._numbers(tag))
        if self.vr(tag) in values.ONE_VALUE:
            return (safe(decoded.text),) if decoded.text.strip() else ()
        parts = [part.strip(" \0") for part in decoded.text.split("\\", 1024)]
        return tuple(safe(part) for part in parts) if any(parts) else ()

    def lines(self, tag: int) -> SafeText | None:
        """Running text with its line breaks, for a report pane; None when absent or empty."""
        decoded = self.decoded(tag)
        return safe_lines(decoded.text) if decoded and decoded.text.strip() else None

    def person_name(self, tag: int) -> PersonName | None:
        """The first name, with its groups and parts; None when absent or empty."""
        decoded = self.decoded(tag)
        return values.decoded_name(decoded) if decoded else None

    def uid(self, tag: int) -> str | None:
        """The first UID, without padding; None when absent or empty. What is no UID comes as it is, printable and at most 64 characters."""
        raw = self.raw(tag)
        if not raw:
            return None
        text = raw[:4096].split(b"\\", 1)[0].strip(b" \0\r\n\t").decode("ascii", "replace")
        return str(safe(text, 64)) if text else None

    # --- numbers ------------------------------------------------------------------------------------------------

    def _numbers(self, tag: int) -> tuple[int | float, ...]:
        raw = self.raw(tag)
        if not raw or len(raw) > 1 << 26:
            return ()
        vr = self.vr(tag)
        if vr in values.BINARY:
            return values.binary_numbers(raw, vr, self.little_endian, signed=vr.startswith("US or SS") and self._signed())
        if vr in values.TEXT or vr == "UN":
            return values.text_numbers(raw.decode("latin-1"))
        return ()

    def _signed(self) -> bool:
        data_set: DataSet | None = self
        while data_set is not None:
            raw = data_set.raw(PIXEL_REPRESENTATION)
            if raw:
                return bool(raw[0] or raw[-1])
            data_set = data_set._parent
        return False

    def numbers(self, tag: int) -> tuple[float, ...]:
        """The finite numbers of the value, up to the first that is none; () when absent."""
        return tuple(float(value) for value in self._numbers(tag))

    def number(self, tag: int) -> float | None:
        """The first number; None when there is none."""
        found = self._numbers(tag)
        return float(found[0]) if found else None

    def integers(self, tag: int) -> tuple[int, ...]:
        """The whole numbers of the value ("12.0" counts, "12.5" does not), up to the first that is none; () when absent."""
        raw = self.raw(tag)
        vr = self.vr(tag)
        if raw and vr not in values.BINARY and len(raw) <= 1 << 20:
            return values.text_integers(raw.decode("latin-1"))
        found = []
        for value in self._numbers(tag):
            if value != int(value):
                break
            found.append(int(value))
        return tuple(found)

    def integer(self, tag: int) -> int | None:
        """The first whole number; None when there is none."""
        found = self.integers(tag)
        return found[0] if found else None

    # --- sequences ----------------------------------------------------------------------------------------------

    def items(self, tag: int) -> tuple["DataSet", ...]:
        """The items of a sequence; () when absent, empty or no sequence."""
        known = self._items.get(tag)
        if known is None:
            entry = self._entries.get(tag)
            is_sequence = entry is not None and (
                entry[0] in ("SQ", "UN") or (entry[0] == "" and (entry[2] < 0 or vr_of(tag) in ("SQ", "UN")))
            )
            known = self._items[tag] = self._read_items(tag, *entry) if entry and is_sequence else ()
        return known

    def first_item(self, tag: int) -> "DataSet | None":
        """The first item of a sequence; None when there is none."""
        items = self.items(tag)
        return items[0] if items else None

    def _depth(self) -> int:
        depth, data_set = 0, self._parent
        while data_set is not None:
            depth, data_set = depth + 1, data_set._parent
        return depth

    def _read_items(self, tag: int, vr: str, offset: int, length: int) -> tuple["DataSet", ...]:
        buffer, items, budget = self._buffer, [], self._budget.fresh()
        if self._depth() >= self._budget.depth:
            self._budget.note("nested-too-deep", offset)
            return ()
        # The content of a UN of undefined length is implicit little endian (PS3.5 6.2.2), and of a defined one that is a sequence too.
        layout = Layout(self.explicit_vr and vr != "UN", self.little_endian or vr == "UN")
        position, end = offset, min(offset + (length if length >= 0 else ~length), buffer.size)
        delimiter = b"\xfe\xff" if layout.little_endian else b"\xff\xfe"
        while position + 8 <= end:
            chunk, base = buffer.window(position, 8)
            head = chunk[position - base : position - base + 8]
            if len(head) < 8 or head[:2] != delimiter:
                break
            element = int.from_bytes(head[2:4], "little" if layout.little_endian else "big")
            size = int.from_bytes(head[4:8], "little" if layout.little_endian else "big")
            position += 8
            if element == 0xE0DD:
                break
            if element != 0xE000:
                continue
            if size == UNDEFINED:
                try:
                    content_end, following = skip_item(buffer, position, end, layout, tag, budget)
                except (TooDeep, TooMany):
                    self._budget.note("nested-too-deep", position)
                    break
            else:
                content_end = following = min(position + size, end)
            explicit = is_explicit(buffer, position, layout) if position < content_end else layout.explicit_vr
            items.append(DataSet(buffer, position, content_end, Layout(explicit, layout.little_endian), self._budget, self))
            position = following
        return tuple(items)


def _number(value: int | float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.10g}"
