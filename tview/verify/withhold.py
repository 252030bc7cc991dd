"""The verdict without what names other persons than the first: until somebody asks for it, nobody sees it."""

from dataclasses import replace

from tview.errors import Finding
from tview.text import safe
from tview.verify.model import Person, Verdict

_NAMING = {
    "dicomdir-other-patient": ("listed", "own"),
    "birth-dates-differ": ("dates",),
    "text-undeclared": ("text",),
    "text-misdeclared": ("text",),
    "text-undecodable": ("text",),
}
"""Values of findings that may name a person."""


def withheld(verdict: Verdict, named: int = 0) -> Verdict:
    """The same verdict; with several persons on the source, all but the one at the index `named` are without name, ID and birth date.

    With -1 nobody is named, also where there is only one.
    """
    if len(verdict.person.persons) < 2 and named >= 0:
        return verdict
    persons = tuple(person if place == named else _hidden(person) for place, person in enumerate(verdict.person.persons))
    return verdict._replace(
        person=verdict.person._replace(persons=persons),
        findings=tuple(map(_masked, verdict.findings)),
        notes=tuple(map(_masked, verdict.notes)),
        exams=tuple(row if row.person == named else row._replace(accession_number=None) for row in verdict.exams),
    )


def _hidden(person: Person) -> Person:
    ids = tuple((None, institution) for _number, institution in person.ids)
    return person._replace(name=None, birth_date=None, sex=None, ids=ids, is_withheld=True)


def _masked(told: Finding) -> Finding:
    names = _NAMING.get(told.code, ())
    return replace(told, values={**told.values, **{name: safe("…") for name in names}}) if names else told
