"""The verdict without what names other persons than the first: until somebody asks for it, nobody sees it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tview.errors import Finding
from tview.text import SafeText, safe, translate
from tview.verify.model import ExamRow, LostSeries, Person, Verdict

_NAMING = frozenset(("listed", "own", "names", "dates", "ids", "text", "description"))
"""Values of findings in which a person may be named."""
_HARMLESS = frozenset(("dicomdir-disagrees", "referenced-file-elsewhere"))
"""Findings that have UIDs and addresses in those: addresses are looked after by themselves."""
_MOST_NAMES = 2000  # addresses that are looked for in sentences; behind them only folders are


def withheld(verdict: Verdict, named: int = 0) -> Verdict:
    """The same verdict; with several persons on the source, all but the one at the index `named` are without name, ID and birth date.

    Their series have no descriptions, and the addresses of their files are taken out of every sentence. With -1 nobody is named, also
    where there is only one.
    """
    if len(verdict.person.persons) < 2 and named >= 0:
        return verdict
    hide = _hider(verdict, named)
    hidden = {uid for place, person in enumerate(verdict.person.persons) if place != named for uid in person.series_instance_uids}
    persons = tuple(person if place == named else _hidden(person) for place, person in enumerate(verdict.person.persons))

    def masked(told: Finding) -> Finding:
        return _masked(told, hide, told.series_instance_uid in hidden)

    return verdict._replace(
        images=verdict.images._replace(summary=hide(verdict.images.summary)),
        person=verdict.person._replace(persons=persons),
        findings=tuple(map(masked, verdict.findings)),
        notes=tuple(map(masked, verdict.notes)),
        exams=tuple(row if row.person == named else _without_words(row) for row in verdict.exams),
        do=tuple(act._replace(text=hide(act.text)) for act in verdict.do),
    )


def _hidden(person: Person) -> Person:
    ids = tuple((None, institution) for _number, institution in person.ids)
    return person._replace(name=None, birth_date=None, sex=None, ids=ids, is_withheld=True, paths=(), series_instance_uids=())


def _without_words(row: ExamRow) -> ExamRow:
    lost = tuple(_without_places(one) for one in row.lost)
    return row._replace(accession_number=None, description=None, lost=lost)


def _without_places(lost: LostSeries) -> LostSeries:
    many = len(lost.paths)
    words = translate("{count} files (withheld)") if many > 1 else translate("{count} file (withheld)")
    return lost._replace(description=None, paths=(safe(words.format(count=many)),) if many else ())


def _masked(told: Finding, hide: Callable[[str], SafeText], is_theirs: bool) -> Finding:
    def value_of(name: str, value: str | int | float) -> str | int | float:
        if not isinstance(value, str):
            return value
        if name in _NAMING and told.code not in _HARMLESS and (is_theirs or name != "description"):
            return safe("…")
        return hide(value)

    values = {name: value_of(name, value) for name, value in told.values.items()}
    path = told.path if told.path is None else str(hide(told.path))
    return replace(told, values=values, path=path)


def _hider(verdict: Verdict, named: int) -> Callable[[str], SafeText]:
    """What takes the addresses of the other persons' files out of a text, and the folders in which nothing but those is."""
    theirs = [path for place, person in enumerate(verdict.person.persons) if place != named for path in person.paths]
    mine = [path for place, person in enumerate(verdict.person.persons) if place == named for path in person.paths]
    shared = _folders(mine)
    folders = {folder for folder in _folders(theirs) if folder not in shared}
    top = sorted(folder for folder in folders if folder.rpartition("/")[0] not in folders)
    loose = sorted({path for path in theirs if path.rpartition("/")[0] not in folders}, key=len, reverse=True)[:_MOST_NAMES]
    found = [rf"{_written(folder)}(?:/[^,;)]*?(?=[,;)]|: | \(| has | is | of | refers |$))?" for folder in top[:_MOST_NAMES]]
    found += [_written(path) for path in loose]
    if not found:
        return safe
    pattern = re.compile(rf"(?<![\w/])(?:{'|'.join(found)})(?![\w/])")
    word = translate("(withheld)")
    return lambda text: safe(pattern.sub(word, text))


def _written(path: str) -> str:
    return re.escape(safe(path))


def _folders(paths: Iterable[str] | Sequence[str]) -> set[str]:
    found = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found
