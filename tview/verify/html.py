"""The verdict as one page of HTML: nothing of it is fetched from elsewhere, nothing of it runs, and it prints."""

from collections.abc import Iterator, Sequence
from html import escape

from tview.errors import Finding, Severity
from tview.text import advice_of, safe, translate
from tview.verify.model import ExamRow, LostSeries, Verdict
from tview.verify.page import finding_text, label_text, page_rows, person_texts

_ = str
LABEL = _("Review only · not a medical device")
_CLASSES = {"✗": "loss", "!": "look", "✓": "fine", "·": "note"}
_SIGNS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "·"}
_MOST_NOTES = 500
_STYLE = """
:root { color-scheme: light }
body { font: 15px/1.45 system-ui, "Liberation Sans", Arial, sans-serif; color: #111; background: #fff; margin: 0 auto; max-width: 62rem;
  padding: 1.2rem }
header { display: flex; justify-content: space-between; gap: 1rem; border-bottom: 2px solid #111; padding-bottom: .4rem }
h1 { font-size: 1.15rem; margin: 0; overflow-wrap: anywhere } h2 { font-size: 1rem; margin: 1.4rem 0 .4rem; letter-spacing: .04em }
section { break-inside: auto } .label { white-space: nowrap; font-weight: 600 }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .45rem .8rem; margin: 1rem 0 } dt { font-weight: 700 } dd { margin: 0 }
dd, td { overflow-wrap: break-word }
.mark { font-weight: 700; display: inline-block; min-width: 1.1em } .loss .mark { color: #a30000 } .look .mark { color: #8a5a00 }
.fine .mark { color: #00692b } .note .mark { color: #555 }
.word { font-weight: 700 } .loss .word { color: #a30000 } .look .word { color: #8a5a00 } .fine .word { color: #00692b }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0 }
th { border-bottom: 1px solid #111; font-weight: 600 } tr + tr td { border-top: 1px solid #ccc } tr { break-inside: avoid }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } .date { white-space: nowrap }
.advice, .place, .uid { color: #444; font-size: .87rem } .uid { font-family: monospace } ol { margin: 0; padding-left: 1.3rem }
footer { border-top: 1px solid #111; margin-top: 1.6rem; padding-top: .4rem; font-size: .87rem; color: #333 }
@media print { body { font-size: 10pt; padding: 0; max-width: none } section + section { break-before: page } @page { margin: 15mm } }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr } header { display: block } table { display: block; overflow-x: auto } }
"""


def html_page(verdicts: Sequence[Verdict]) -> str:
    """One page for these verdicts, as they are: whoever withholds persons does so before."""
    title = ", ".join(str(verdict.source) for verdict in verdicts[:3])
    sections = "\n".join(part for verdict in verdicts for part in _section(verdict))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(translate('Verdict'))}: {_text(title)}</title>\n<style>{_STYLE}</style></head><body>\n{sections}\n"
        f"<footer>{_text(translate(LABEL))}. {_text(translate(_FOOT))}</footer>\n</body></html>\n"
    )


_FOOT = _("Made by tview from what the files say. It does not say whether the examination was carried out in full.")


def _text(value: object) -> str:
    return escape(safe(str(value)), quote=True)


def _section(verdict: Verdict) -> Iterator[str]:
    media = verdict.media
    yield f'<section><header><h1>{_text(verdict.source)}</h1><span class="label">{_text(translate(LABEL))}</span></header>'
    facts = [media.kind, media.label or "", f"{media.size / 1e6:.1f} MB" if media.size else "", media.burner or ""]
    yield f'<p class="place">{" · ".join(_text(fact) for fact in facts if fact)}</p>'
    yield "<dl>"
    yield from _answers(verdict)
    yield "</dl>"
    yield from _exams(verdict)
    yield from _lost(verdict)
    notes = set(map(id, verdict.notes))
    yield from _findings(translate("FOUND"), [told for told in verdict.findings if told.severity is not Severity.INFO])
    folded = [told for told in verdict.findings if told.severity is Severity.INFO or id(told) in notes]
    yield from _findings(translate("NOTES"), folded[:_MOST_NOTES])
    yield "</section>"


def _answers(verdict: Verdict) -> Iterator[str]:
    """Images, person, what to do, what else, how sure: as on the page of text, the exams as a table behind them."""
    rows = [row for row in page_rows(verdict) if row[0] in ("IMAGES", "PERSON", "ALSO", "SURE")]
    told = False
    for label, mark, text in rows:
        if label == "PERSON":
            word, _gap, first = text.partition("   ")
            lines = [first, *person_texts(verdict.person)[1:]]
            yield _answer(label, mark, word, "<br>".join(map(_text, lines)))
        elif mark:
            word, _gap, rest = text.partition("   ")
            yield _answer(label, mark, word, _text(rest))
        else:
            if not told:
                yield from _do(verdict)
            told = True
            yield f"<dt>{_text(label_text(label))}</dt><dd>{_text(text)}</dd>"
    if not told:
        yield from _do(verdict)


def _answer(label: str, mark: str, word: str, rest: str) -> str:
    kind = _CLASSES.get(mark, "note")
    answer = f'<span class="mark">{_text(mark)}</span> <span class="word">{_text(word)}</span> {rest}'
    return f'<dt>{_text(label_text(label))}</dt><dd class="{kind}">{answer}</dd>'


def _do(verdict: Verdict) -> Iterator[str]:
    if verdict.do:
        acts = "".join(f"<li>{_text(act.text)}</li>" for act in verdict.do)
        yield f"<dt>{_text(translate('DO'))}</dt><dd><ol>{acts}</ol></dd>"


def _exams(verdict: Verdict) -> Iterator[str]:
    if not verdict.exams:
        return
    heads = (_("Date"), _("Exam"), _("Part"), _("Accession"), _("Place"), _("Objects"), _("Report"), "")
    yield f"<h2>{_text(translate('EXAMS'))}</h2><table><tr>{''.join(f'<th>{_text(translate(head))}</th>' for head in heads)}</tr>"
    for row in verdict.exams:
        cells = [
            f'<td class="date">{_text(row.study_date or translate("no date"))}</td>',
            f"<td>{_text(row.description or ', '.join(row.modalities) or '?')}</td>",
            *(f"<td>{_text(value or '–')}</td>" for value in (row.body_part, row.accession_number, row.institution)),
            f'<td class="number">{row.whole}/{row.promised}</td>',
            f"<td>{_text(report_words(row))}</td>",
            f"<td>{_text(way_words(row))}</td>",
        ]
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</table>"


def report_words(row: ExamRow) -> str:
    """Whether there is a report, and what it speaks of."""
    if not row.report:
        words = translate("no report")
    elif row.cites:
        words = translate("yes; it cites {cites}").format(cites=", ".join(row.cites[:6]))
    else:
        words = translate("yes")
    if row.cites_missing:
        words += "; " + translate("{what}: spoken of and not here").format(what=", ".join(row.cites_missing[:6]))
    return words


def way_words(row: ExamRow) -> str:
    """What is in the way of an import, and how many objects lost something when they were compressed."""
    words = [translate("{count} LOSSY").format(count=row.lossy)] if row.lossy else []
    if row.lost:
        words.append(translate("not whole: {count}").format(count=sum(lost.promised - lost.whole for lost in row.lost)))
    elif row.in_the_way:
        words.append(translate("see what was found"))
    elif not row.cites_missing:
        words.append(translate("nothing in the way of an import"))
    return ", ".join(words)


def series_name(lost: LostSeries) -> str:
    """``Se 4 CT Thorax 1.0``."""
    number = "?" if lost.series_number is None else lost.series_number
    said = lost.modality is not None and (lost.description or "").startswith(lost.modality)
    return " ".join(str(part) for part in (f"Se {number}", None if said else lost.modality, lost.description) if part)


def _lost(verdict: Verdict) -> Iterator[str]:
    lost = [series for row in verdict.exams for series in row.lost]
    if not lost:
        return
    yield f"<h2>{_text(translate('NOT WHOLE'))}</h2><table>"
    for series in lost:
        numbers = ", ".join(map(str, series.missing))
        images = translate("images {numbers}").format(numbers=numbers) if numbers else ""
        places = ", ".join(series.paths[:12]) + (", …" if len(series.paths) > 12 else "")
        yield (
            f'<tr><td>{_text(series_name(series))}<div class="uid">{_text(series.series_instance_uid or "?")}</div></td>'
            f'<td class="number">{series.whole}/{series.promised}</td>'
            f'<td>{_text(images)}<div class="place">{_text(places)}</div></td></tr>'
        )
    yield "</table>"


def _findings(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield f"<h2>{_text(title)}</h2><table>"
    for told in findings:
        sign = _SIGNS[told.severity]
        advice = advice_of(told)
        more = f'<div class="advice">{_text(advice)}</div>' if advice else ""
        yield f'<tr class="{_CLASSES[sign]}"><td class="mark">{sign}</td><td>{_text(finding_text(told))}{more}</td></tr>'
    yield "</table>"
