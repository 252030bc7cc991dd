"""A comparison as a page of text."""

from collections.abc import Iterator

from tview.text import SafeText, clip, safe, translate
from tview.verify.comparing.model import Compared, Differing, Pair, Side
from tview.verify.comparing.telling import difference_words

_ = str
_LABEL = 10
_SERIES = 12
_OBJECTS = 20
_ELEMENTS = 4
_MARKS = {"ok": ("✓", "OK"), "loss": ("✗", "X"), "look": ("!", "!"), "note": ("·", "-")}
_COLOURS = {"ok": "\x1b[32m", "loss": "\x1b[31m", "look": "\x1b[33m", "note": "\x1b[2m"}
_STATES = (
    ("missing-in-a", "loss", _("{count} of B are not in A")),
    ("missing-in-b", "loss", _("{count} of A are not in B")),
    ("different", "loss", _("{count} with the same UID and other content")),
    ("not-read", "look", _("{count} not to be read to the last byte on both sides")),
    ("written-differently", "note", _("{count} the same in content, written in another way")),
    ("identical", "ok", _("{count} identical")),
)
Row = tuple[str, str, str]


def verdict_words(compared: Compared) -> tuple[str, str]:
    """Kind of mark and the word for the whole of it."""
    counts = compared.counts
    if any(counts.get(state) for state in ("missing-in-a", "missing-in-b", "different")):
        kind, word = "loss", translate("NOT THE SAME")
    elif counts.get("not-read"):
        kind, word = "look", translate("NOT SURE")
    elif not sum(counts.values()):
        kind, word = "look", translate("NOTHING TO COMPARE")
    else:
        kind, word = "ok", translate("THE SAME")
    return kind, word if compared.finished else f"{word} {translate('so far')}"


def comparison_rows(compared: Compared, long: bool = False) -> Iterator[Row]:
    """Rows of a label, a kind of mark ("" for none) and a text. `long` names every object and element that is kept."""
    yield translate("A"), "", _side(compared.a)
    yield translate("B"), "", _side(compared.b)
    kind, word = verdict_words(compared)
    yield translate("RESULT"), kind, f"{word}   {_summary(compared)}"
    for state, mark, text in _STATES:
        if compared.counts.get(state):
            yield "", mark, translate(text).format(count=compared.counts[state])
    yield from _missing(compared, "missing-in-a", translate("NOT IN A"), long)
    yield from _missing(compared, "missing-in-b", translate("NOT IN B"), long)
    yield from _objects(compared, "different", translate("DIFFER"), "loss", long)
    yield from _objects(compared, "not-read", translate("NOT READ"), "look", long)
    if long:
        yield from _objects(compared, "written-differently", translate("WRITTEN"), "note", long)
    others = compared.others
    if sum(others):
        text = translate("other files: {same} the same, {different} differ, {only_a} only in A, {only_b} only in B")
        yield translate("ALSO"), "", text.format(**others._asdict())
    megabytes = f"{compared.bytes_read / 1e6:.1f} MB"
    if not compared.finished:
        how = translate("stopped before the end: {megabytes} compared, {seconds} s")
    elif compared.b.kind == "sums":
        how = translate("every byte of A read and summed: {megabytes}, {seconds} s")
    else:
        how = translate("every byte of what both have was compared: {megabytes}, {seconds} s")
    yield translate("SURE"), "", how.format(megabytes=megabytes, seconds=f"{compared.elapsed_s:.0f}" if compared.elapsed_s >= 1 else "< 1")


def _side(side: Side) -> str:
    parts: list[str] = [side.source]
    if side.label and side.label != side.source.rstrip("/").rpartition("/")[2]:
        parts.append(side.label)
    words = translate("{count} sums") if side.kind == "sums" else translate("{count} objects")
    parts.append(words.format(count=side.objects))
    if side.repeats:
        parts.append(translate("{count} of them more than once").format(count=side.repeats))
    return "   ".join(parts)


def _summary(compared: Compared) -> str:
    return translate("{count} objects in all").format(count=sum(compared.counts.values()))


def _missing(compared: Compared, state: str, label: str, long: bool) -> Iterator[Row]:
    series: dict[str, list[Pair]] = {}
    for pair in compared.pairs:
        if pair.state == state:
            series.setdefault(pair.series, []).append(pair)
    for number, (name, pairs) in enumerate(series.items()):
        if number == _SERIES and not long:
            yield "", "", translate("and {count} series more: --long shows all").format(count=len(series) - _SERIES)
            return
        shown = pairs if long else pairs[:3]
        paths = ", ".join(safe(pair.path_a or pair.path_b or "?") for pair in shown) + (", …" if len(pairs) > len(shown) else "")
        yield label if not number else "", "loss", f"{name or translate('files')}  −{len(pairs)}  {paths}"


def _objects(compared: Compared, state: str, label: str, mark: str, long: bool) -> Iterator[Row]:
    pairs = [pair for pair in compared.pairs if pair.state == state]
    for number, pair in enumerate(pairs):
        if number == _OBJECTS and not long:
            yield "", "", translate("and {count} more: --long shows all").format(count=len(pairs) - _OBJECTS)
            return
        where = safe(pair.path_a or "?")
        if pair.path_b and pair.path_b != pair.path_a:
            where = safe(f"{where} | {safe(pair.path_b)}")
        yield label if not number else "", mark, f"{pair.series}  {where}  {difference_words(pair)}"
        for one in pair.elements if long else pair.elements[:_ELEMENTS]:
            yield "", "", f"  {element_words(one)}"
        more = pair.elements_count - len(pair.elements)
        if long and more > 0:
            yield "", "", "  " + translate("and {count} elements more").format(count=more)


def value_words(value: SafeText | None) -> str:
    """A value, or that there is none."""
    if value is None:
        return translate("(absent)")
    return value or translate("(empty)")


def element_words(one: Differing) -> str:
    """An element that differs, in one piece."""
    return f"{one.place} {one.name}: {value_words(one.a)} | {value_words(one.b)}"


def comparison_lines(
    compared: Compared, *, width: int = 100, ascii_only: bool = False, colour: bool = False, long: bool = False
) -> list[SafeText]:
    """The page as lines of at most `width` cells."""
    from tview.verify.page import wrapped

    lines = []
    for label, mark, text in comparison_rows(compared, long):
        sign = _MARKS[mark][ascii_only] if mark else ""
        shown = _ascii(text) if ascii_only else text
        indent = len(shown) - len(shown.lstrip(" "))
        room = max(20, width - _LABEL - len(sign) - 1 - indent)
        for number, line in enumerate(wrapped(shown.strip(), room)):
            head = f" {clip(safe(label), _LABEL - 2):<{_LABEL - 2}} " if not number else " " * _LABEL
            start = (f"{sign} " if not number else " " * (len(sign) + 1)) if sign else ""
            if colour and sign and not number:
                start = f"{_COLOURS[mark]}\x1b[1m{sign}\x1b[0m "
            head = f"\x1b[1m{head}\x1b[0m" if colour and head.strip() else head
            lines.append(SafeText(head + start + " " * indent + safe(line)))
    return lines


def _ascii(text: str) -> str:
    return text.replace("−", "-").replace("…", "...").encode("ascii", "backslashreplace").decode()


def summary_line(compared: Compared) -> SafeText:
    """One line for a log."""
    counts = compared.counts
    words = [translate(text).format(count=counts[state]) for state, _mark, text in _STATES if counts.get(state)]
    line = safe(f"{verdict_words(compared)[1]}: {', '.join(words)}")
    return safe(clip(line, 200))
