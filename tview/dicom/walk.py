"""The element walk: from bytes to where each value is. It bounds depth, elements and lengths, and says what was odd on its way.

PS3.5 chapter 7 with what discs hold: headers that lie about their VR, lost delimiters, lengths past the end, dirt after the last element.
"""

import struct
from typing import NamedTuple

from tview.dicom.buffer import Buffer

_SHORT = ("AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US")
_LONG = ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
SHORT = {code.encode(): code for code in _SHORT}
"""VRs with a 16-bit length (PS3.5 7.1.2)."""
LONG = {code.encode(): code for code in _LONG}
"""VRs with two reserved bytes and a 32-bit length."""
PIXEL_TAGS = frozenset((0x7FE00008, 0x7FE00009, 0x7FE00010))
ICON_IMAGE_SEQUENCE = 0x00880200
UNDEFINED = 0xFFFFFFFF


class Layout(NamedTuple):
    """How elements are written."""

    explicit_vr: bool
    little_endian: bool


class _Readers(NamedTuple):
    explicit: struct.Struct
    implicit: struct.Struct
    long: struct.Struct


_READERS = {order: _Readers(*(struct.Struct(c + f) for f in ("HH2sH", "HHL", "L"))) for order, c in ((True, "<"), (False, ">"))}

Entry = tuple[str, int, int]
"""VR ("" in implicit encodings), offset of the value, length; an undefined length is the bitwise complement of what it came to."""


class TooDeep(Exception):
    """Sequences nest deeper than the limit."""


class TooMany(Exception):
    """More elements than the limit."""


class Budget:
    """What one pass over a data set may still spend, and what was odd in it: (code, offset, detail)."""

    __slots__ = ("depth", "elements", "notes", "spent")

    def __init__(self, elements: int, depth: int, notes: list[tuple[str, int, str]] | None = None) -> None:
        self.elements, self.depth, self.spent = elements, depth, 0
        self.notes = [] if notes is None else notes

    def fresh(self) -> "Budget":
        """The same limits for another pass, with the same notes: every pass takes time in proportion to the bytes it covers."""
        return Budget(self.elements, self.depth, self.notes)

    def note(self, code: str, offset: int, detail: str = "") -> None:
        """Remember an oddity; only the first hundred of a file."""
        if len(self.notes) < 100:
            self.notes.append((code, offset, detail))

    def spend(self, count: int) -> None:
        """Count elements. Raises TooMany when the limit is passed."""
        self.spent += count
        if self.spent > self.elements:
            raise TooMany


class Found:
    """One data set's elements, its pixel data (tag, VR, offset, length or -1) if that was reached, and where the walk stopped.

    `stuck` says that it stopped at bytes that are no element.
    """

    __slots__ = ("end", "entries", "pixel", "stuck")

    def __init__(self, end: int) -> None:
        self.entries: dict[int, Entry] = {}
        self.pixel: tuple[int, str, int, int] | None = None
        self.end, self.stuck = end, False


def walk(
    buffer: Buffer, start: int, end: int, layout: Layout, budget: Budget, *, top: bool = False, only_group: int | None = None
) -> Found:
    """The elements from `start` to `end` or to a delimiter; at the top level up to pixel data, with `only_group` while in that group.

    An exceeded limit ends the walk with a note and what was found.
    """
    found = Found(start)
    try:
        _walk(found, buffer, start, min(end, buffer.size), layout, budget, top, only_group)
    except TooMany:
        budget.note("too-many-elements", found.end)
    except TooDeep:
        budget.note("nested-too-deep", found.end)
    return found


def _walk(found: Found, buffer: Buffer, position: int, end: int, layout: Layout, budget: Budget, top: bool, only_group: int | None) -> None:
    explicit, little = layout
    read_explicit, read_implicit, read_long = (reader.unpack_from for reader in _READERS[little])
    short, long, entries, count = SHORT, LONG, found.entries, 0
    chunk, base = buffer.window(position, 12)
    limit = base + len(chunk)
    while position < end:
        if position + 12 > limit:
            chunk, base = buffer.window(position, 12)
            limit = base + len(chunk)
            end = min(end, buffer.size)
            if min(limit, end) - position < 8:
                if any(chunk[position - base :]):
                    budget.note("trailing-bytes", position)
                break
        at = position - base
        count += 1
        if count & 0xFFFF == 0:
            budget.spend(0x10000)
        if explicit:
            group, element, code, length = read_explicit(chunk, at)
            if group != only_group and only_group is not None:
                break
            vr = short.get(code)
            value = position + 8
            if vr is None:
                vr = long.get(code)
                if vr is not None and length == 0 and at + 12 <= len(chunk):
                    length = read_long(chunk, at + 8)[0]
                    value = position + 12
                elif group != 0xFFFE:
                    header = odd_header(buffer, position, end, little, budget)
                    if header is None:
                        found.stuck = True
                        break
                    vr, value, length = header
        else:
            group, element, length = read_implicit(chunk, at)
            vr, value = "", position + 8
        tag = group << 16 | element
        if tag == 0 and length == 0:  # a run of zeros is no element
            found.stuck = True
            break
        if only_group is not None and group != only_group:
            break
        if group == 0xFFFE:
            if element in (0xE00D, 0xE0DD) and not top:
                break
            budget.note("stray-delimiter", position)
            position += 8
            found.end = position
            continue
        if top and tag in PIXEL_TAGS:
            found.pixel = (tag, vr or "", value, -1 if length == UNDEFINED else length)
            found.end = position
            break
        if length == UNDEFINED:
            inside = Layout(explicit and vr != "UN", little if vr != "UN" else True)
            content_end, position = skip_undefined(buffer, value, end, inside, tag, budget)
            if tag not in entries:
                entries[tag] = ("SQ" if vr in ("", "UN") else vr or "", value, ~(content_end - value))
            found.end = position
            continue
        position = value + length
        if position > end:
            if not explicit and not entries and not top:
                found.stuck = True
                break
            budget.note("element-too-long", value, f"{group:04X},{element:04X}")
            entries.setdefault(tag, (vr or "", value, length))
            position = end
            found.end = position
            break
        if tag in entries:
            budget.note("element-repeated", value, f"{group:04X},{element:04X}")
        else:
            entries[tag] = (vr or "", value, length)
        found.end = position
    budget.spend(count & 0xFFFF)


def odd_header(buffer: Buffer, position: int, end: int, little: bool, budget: Budget) -> tuple[str, int, int] | None:
    """VR, value offset and length of an element whose VR is none that PS3.5 6.2 lists, or whose reserved bytes are not zero.

    Of the three ways it can be meant the first is taken after which an element follows, or the end: a 32-bit length (new VRs have one),
    a 16-bit length, no VR at all. None when none of them fits.
    """
    chunk, base = buffer.window(position, 12)
    at = position - base
    if len(chunk) - at < 8 or not any(chunk[at : at + 8]):
        return None
    readers = _READERS[little]
    group, element, code, length16 = readers.explicit.unpack_from(chunk, at)
    vr = SHORT.get(code) or LONG.get(code) or "UN"
    ways = [(8, length16), (8, readers.implicit.unpack_from(chunk, at)[2])]
    if len(chunk) - at >= 12:
        length32 = readers.long.unpack_from(chunk, at + 8)[0]
        ways.insert(0 if length16 == 0 else 1, (12, length32))
    tag = group << 16 | element
    for skip, length in ways:
        after = position + skip + length
        if length == UNDEFINED:
            inside, start = buffer.window(position + skip, 8)
            if skip == 12 and _READERS[little].implicit.unpack_from(inside.ljust(8, b"\0"), position + skip - start)[:2] == (
                0xFFFE,
                0xE000,
            ):
                return vr, position + skip, length
        elif after == end or (after < end and _element_follows(buffer, after, tag, little)):
            budget.note("vr-unknown", position, f"{group:04X},{element:04X}")
            return vr, position + skip, length
    return None


def _element_follows(buffer: Buffer, position: int, tag: int, little: bool) -> bool:
    chunk, base = buffer.window(position, 8)
    at = position - base
    if len(chunk) - at < 8:
        return False
    group, element, code, _ = _READERS[little].explicit.unpack_from(chunk, at)
    following = group << 16 | element
    known = code in SHORT or code in LONG
    # A listed VR is good evidence; a doubtful one right after another needs the same group and a small step.
    return group == 0xFFFE or (following > tag and (known or (group == tag >> 16 and following - tag < 0x40)))


class _Open:
    """A sequence or an item of undefined length whose end is looked for."""

    __slots__ = ("cut", "group", "is_item", "layout", "start", "tag")

    def __init__(self, start: int, tag: int, layout: Layout, is_item: bool) -> None:
        self.start, self.tag, self.layout, self.is_item = start, tag, layout, is_item
        self.cut = self.group = 0


def skip_undefined(buffer: Buffer, start: int, end: int, layout: Layout, tag: int, budget: Budget) -> tuple[int, int]:
    """Where the content of a sequence (or fragments) of undefined length ends, and where the next element begins.

    Remembers the end of everything of undefined length inside in `buffer.ends`. Raises TooDeep and TooMany.
    """
    known = buffer.ends.get(start)
    if known:
        return known
    return _skip(buffer, [_Open(start, tag, layout, False)], start, end, budget)


def skip_item(buffer: Buffer, start: int, end: int, layout: Layout, tag: int, budget: Budget) -> tuple[int, int]:
    """The same for an item of undefined length in the sequence `tag`."""
    known = buffer.ends.get(start)
    if known:
        return known
    return _skip(buffer, [_Open(start, tag, _really(buffer, start, layout), True)], start, end, budget)


def _skip(buffer: Buffer, stack: list[_Open], position: int, end: int, budget: Budget) -> tuple[int, int]:
    chunk, base = buffer.window(position, 12)
    ends, count, after = buffer.ends, 0, (end, end)

    def close(content_end: int, following: int) -> None:
        nonlocal after
        after = ends[stack.pop().start] = (content_end, following)

    while stack:
        if position + 12 > base + len(chunk):
            chunk, base = buffer.window(position, 12)
            end = min(end, buffer.size)
        if position + 8 > min(end, base + len(chunk)):
            budget.note("sequence-unterminated", stack[0].start, _shown(stack[0].tag))
            while stack:
                close(end, end)
            break
        count += 1
        if count & 0xFFF == 0:
            budget.spend(0x1000)
        top, at = stack[-1], position - base
        explicit, little = top.layout
        readers = _READERS[little]
        group, element, length = readers.implicit.unpack_from(chunk, at)
        if group == 0xFFFE:
            if element == 0xE000 and not top.is_item:
                position += 8
                if length == UNDEFINED:
                    _enter(stack, _Open(position, top.tag, _really(buffer, position, top.layout), True), budget)
                else:
                    position += length
            elif element == (0xE00D if top.is_item else 0xE0DD):
                close(position, position + 8)
                position += 8
            elif top.is_item:  # the next item, or the end of the sequence, without an item delimiter
                budget.note("sequence-unterminated", top.start, _shown(top.tag))
                close(position, position)
            else:
                position += 8
            continue
        if not top.is_item:  # an element where an item or the delimiter should be
            budget.note("sequence-unterminated", top.start, _shown(top.tag))
            close(position, position)
            continue
        tag, value, vr = group << 16 | element, position + 8, ""
        if explicit:
            code, length = readers.explicit.unpack_from(chunk, at)[2:]
            found = SHORT.get(code)
            if found is None:
                found = LONG.get(code)
                if found is not None and length == 0 and at + 12 <= len(chunk):
                    length, value = readers.long.unpack_from(chunk, at + 8)[0], position + 12
                else:
                    header = odd_header(buffer, position, end, little, budget)
                    if header is None:
                        budget.note("sequence-unterminated", top.start, _shown(top.tag))
                        while stack:
                            close(end, end)
                        break
                    found, value, length = header
            vr = found
        if group != top.group:
            if not top.cut and top.group and tag > top.tag:
                top.cut = position
            top.group = group
        if tag == 0x7FE00010 and top.tag != ICON_IMAGE_SEQUENCE and not _delimiter_at(buffer, value, length, little):
            # Pixel data inside an item that does not end: the delimiters before it are lost. Back to where the outer elements go on.
            budget.note("sequence-unterminated", top.start, _shown(top.tag))
            position = top.cut or position
            close(position, position)
            if stack and not stack[-1].is_item:
                close(position, position)
            continue
        if length == UNDEFINED:
            _enter(stack, _Open(value, tag, Layout(explicit and vr != "UN", little or vr == "UN"), False), budget)
            position = value
        else:
            position = value + length
            if position > end:
                budget.note("element-too-long", value, _shown(tag))
    budget.spend(count & 0xFFF)
    return after


def _enter(stack: list[_Open], entered: _Open, budget: Budget) -> None:
    if len(stack) >= 2 * budget.depth:
        raise TooDeep
    stack.append(entered)


def _delimiter_at(buffer: Buffer, value: int, length: int, little: bool) -> bool:
    if length == UNDEFINED:
        return False
    chunk, base = buffer.window(value + length, 4)
    return chunk[value + length - base :][:2] == (b"\xfe\xff" if little else b"\xff\xfe")


def _really(buffer: Buffer, start: int, layout: Layout) -> Layout:
    """The layout of an item by its first element: implicit items in explicit files, and explicit ones in UN, are seen."""
    return Layout(is_explicit(buffer, start, layout), layout.little_endian)


def is_explicit(buffer: Buffer, start: int, layout: Layout) -> bool:
    """Whether the element here has a VR: as `layout` says, unless that makes no sense of it and the other does."""
    chunk, base = buffer.window(start, 8)
    head = chunk[start - base : start - base + 8]
    if len(head) < 8 or head[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return layout.explicit_vr
    listed = head[4:6] in SHORT or head[4:6] in LONG
    if listed == layout.explicit_vr:
        return listed
    length = _READERS[layout.little_endian].implicit.unpack(head)[2]
    fits = length == UNDEFINED or start + 8 + length <= buffer.size
    return not fits if listed else not fits and layout.explicit_vr


def _shown(tag: int) -> str:
    return f"{tag >> 16:04X},{tag & 0xFFFF:04X}"
