"""What a comparison tells as findings: one for each series that lacks something, one for each object that differs."""

from collections.abc import Sequence

from tview.catalog import Series
from tview.errors import Finding, finding
from tview.text import SafeText, safe, translate
from tview.verify.comparing.model import Others, Pair, Side

_MOST_OBJECTS = 100
_CODES = {"different": "compare-differs", "not-read": "compare-not-read"}


def findings_of(a: Side, b: Side, pairs: Sequence[Pair], others: Others) -> tuple[Finding, ...]:
    """The findings, the worst first."""
    told = [*_missing(a, pairs, "missing-in-a"), *_missing(b, pairs, "missing-in-b")]
    for state, code in _CODES.items():
        these = [pair for pair in pairs if pair.state == state]
        told += [_object(code, pair) for pair in these[:_MOST_OBJECTS]]
        if len(these) > _MOST_OBJECTS:
            told.append(finding("more-of-a-kind", count=len(these) - _MOST_OBJECTS, kind=code))
    rewritten = [pair for pair in pairs if pair.state == "written-differently"]
    if rewritten:
        told.append(finding("compare-rewritten", objects=len(rewritten), path=rewritten[0].path_a, source_number=0))
    if others.different + others.only_a + others.only_b + others.not_read:
        told.append(finding("compare-other-files", **others._asdict()))
    return tuple(sorted(told, key=lambda one: one.severity.rank))


def _missing(side: Side, pairs: Sequence[Pair], state: str) -> list[Finding]:
    series: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.state == state:
            series.setdefault(pair.series, []).append(pair)
    number = 1 if state == "missing-in-a" else 0  # of the source that has them
    return [
        finding(
            "compare-missing", objects=len(these), series=name or translate("the list"), source=side.source,
            path=these[0].path_b if number else these[0].path_a, source_number=number, sop_instance_uid=these[0].sop_instance_uid,
        )
        for name, these in series.items()
    ]  # fmt: skip


def _object(code: str, pair: Pair) -> Finding:
    return finding(
        code,
        path=pair.path_a,
        source_number=0,
        sop_instance_uid=pair.sop_instance_uid,
        series=pair.series,
        other=pair.path_b or "",
        what=difference_words(pair),
    )


def difference_words(pair: Pair) -> str:
    """What differs, in one piece: the pixels, and the first elements."""
    if pair.state == "not-read":
        return translate("some bytes cannot be read; the rest does not differ")
    parts = []
    if pair.pixels == "different":
        words = translate("pixels differ")
        if pair.frames > 1:
            words += " " + translate("in {count} frames").format(count=pair.frames)
        if pair.largest:
            words += " " + translate("by up to {largest}").format(largest=f"{pair.largest:g}")
        parts.append(words)
    elif pair.pixels == "unknown":
        parts.append(translate("pixels not comparable"))
    else:
        parts.append(translate("pixels equal") if pair.pixels == "equal" else translate("no pixels"))
    names = [safe(one.name) for one in pair.elements if not one.place.startswith("(0002")]
    if names:
        more = pair.elements_count - len(names[:4])
        parts.append(", ".join(dict.fromkeys(names[:4])) + (" " + translate("and {count} more").format(count=more) if more > 0 else ""))
    return "; ".join(parts)


def series_words(series: Series) -> SafeText:
    """``Se 4 ax T1.25``: how a page names a series."""
    number = "?" if series.series_number is None else series.series_number
    return safe(f"Se {number} {series.series_description or series.modality or ''}".rstrip())
