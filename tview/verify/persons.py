"""Whose it is: the persons that the objects name, held against one another and against the request slip."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from tview.catalog import iso_date
from tview.dicom import PersonName, person_name
from tview.errors import Finding, Severity, finding
from tview.text import SafeText, safe, translate
from tview.verify.evidence import Evidence
from tview.verify.model import Person, PersonVerdict, SlipField
from tview.verify.names import near_name, normalised_name, plain_words, same_given, same_name
from tview.verify.observed import Use, Who

_NO_BIRTH = frozenset(("18000101", "19000101", "00010101", "00000000"))


class Pair(NamedTuple):
    """What two ways to name a person have in common: True, False, or None where one of them does not say."""

    name: bool | None
    birth_date: bool | None
    patient_id: bool | None
    places_differ: bool
    given_agrees: bool
    sex: bool | None = None
    is_near: bool = True

    @property
    def is_one(self) -> bool:
        """Whether they can be one person: no two of name, birth date and ID contradict each other.

        A family name changes with a marriage, and the ID with the place. A birth date alone makes nobody one person with somebody of quite
        another name: twins have it in common.
        """
        if self.birth_date and self.given_agrees and self.places_differ:
            return True
        if self.name is False and self.patient_id is None and not self.is_near:
            return False
        return [self.name, self.birth_date, self.patient_id].count(False) < 2 and True in (self.name, self.birth_date, self.patient_id)

    @property
    def contradicts(self) -> bool:
        """Whether they cannot be one person, whoever else has something in common with both."""
        return self.birth_date is False and False in (self.name, self.patient_id)


def compare(one: Who, other: Who) -> Pair:
    """Hold two against each other."""
    names = same_name(one.name, other.name) if normalised_name(one.name) and normalised_name(other.name) else None
    dates = [who.birth_date if who.birth_date and who.birth_date not in _NO_BIRTH else None for who in (one, other)]
    births = dates[0] == dates[1] if all(dates) else None
    ids = _number(one.patient_id) == _number(other.patient_id) if one.patient_id and other.patient_id else None
    issuers = bool(one.issuer and other.issuer and one.issuer != other.issuer)
    places = bool(one.institution and other.institution and _folded(one.institution) != _folded(other.institution))
    if ids and issuers and names is False:
        ids = None  # the same number of two hospitals
    sexes = one.sex == other.sex if {one.sex, other.sex} <= {"M", "F"} else None
    given = same_given(one.name, other.name)
    alone = names is False and births is True and ids is None  # else how near the names are decides nothing
    return Pair(names, births, ids, issuers or places, given, sexes, given or not alone or near_name(one.name, other.name))


def clusters(persons: Mapping[Who, Use]) -> list[list[Who]]:
    """Ways to name a person that can be of one person together, the one with most objects first; nameless ones left out."""
    named = [who for who in persons if normalised_name(who.name) or who.patient_id]
    group_of = {who: [who] for who in named}
    for together in _candidates(named).values():
        for one, other in combinations(together[:_COMPARED], 2):
            first, second = group_of[one], group_of[other]
            if first is not second and compare(one, other).is_one:
                first += second
                group_of.update((who, first) for who in second)
    chained = {id(group): group for group in group_of.values()}.values()
    groups = [part for group in chained for part in _parted(group, persons)]
    return sorted(groups, key=lambda group: -sum(persons[who].count for who in group))


def _parted(group: list[Who], persons: Mapping[Who, Use]) -> list[list[Who]]:
    """A group without pairs that contradict each other: an object that says little must not make one person of two."""
    if not any(compare(one, other).contradicts for one, other in combinations(group[:_COMPARED], 2)):
        return [group]
    parts: list[list[Who]] = []
    left = sorted(group, key=lambda who: (-_says(who), -persons[who].count))
    while left:
        part = [left[0]]
        rest: list[Who] = []
        for who in left[1:]:
            pairs = [compare(who, other) for other in part[:_COMPARED]]
            fits = any(pair.is_one for pair in pairs) and not any(pair.contradicts for pair in pairs)
            (part if fits else rest).append(who)
        parts.append(part)
        left = rest
    return parts


def _says(who: Who) -> int:
    return sum(map(bool, (normalised_name(who.name), who.birth_date, who.patient_id)))


_COMPARED = 100
"""Of those that have one ID, birth date or word of a name in common, so many are held against one another."""


def _candidates(named: Sequence[Who]) -> dict[tuple[str, str], list[Who]]:
    """Those that have something in common: two without anything are not one person, and thousands need not be compared."""
    found: dict[tuple[str, str], list[Who]] = {}
    for who in named:
        keys = {("id", _number(who.patient_id)), ("born", who.birth_date or "")}
        keys |= {("name", word) for group in normalised_name(who.name) for part in group for word in plain_words(part)}
        for key in keys:
            if key[1]:
                found.setdefault(key, []).append(who)
    return found


def person_findings(evidence: Evidence) -> Iterator[Finding]:
    """What is odd about whose objects these are."""
    persons = evidence.persons
    groups = clusters(persons)
    if len(groups) > 1:
        yield finding("persons-several", persons=len(groups))
    seen: set[str] = set()
    for group in groups:
        for one, other in combinations(group[:_COMPARED], 2):
            for told in _about(compare(one, other), one, other):
                if told.code not in seen:
                    seen.add(told.code)
                    yield told
    nameless = [use for who, use in persons.items() if not normalised_name(who.name) and not who.patient_id]
    if nameless and groups:
        yield finding("person-nameless", path=nameless[0].path, count=sum(use.count for use in nameless))


def _about(pair: Pair, one: Who, other: Who) -> Iterator[Finding]:
    if pair.name is False:
        yield finding("person-name-differs", names=f"{_shown(one.name)}, {_shown(other.name)}")
    if pair.birth_date is False:
        yield finding("person-birth-date-differs", dates=f"{iso_date(one.birth_date)}, {iso_date(other.birth_date)}")
    if pair.patient_id is False:
        code = "person-ids-of-places" if pair.places_differ else "person-id-differs"
        yield finding(code, ids=f"{one.patient_id}, {other.patient_id}")
    if pair.sex is False:
        yield finding("person-sex-differs")


def person_verdict(evidence: Evidence, findings: Sequence[Finding]) -> PersonVerdict:
    """The word for it, and the persons, the one of the slip first."""
    observed = evidence.persons
    persons = [_placed(_person(group, observed), evidence) for group in clusters(observed)]
    slip = evidence.options.slip
    fields: tuple[SlipField, ...] = ()
    if persons and any(slip):
        from tview.verify.slip import match_slip

        exams = [study.accession_number for study in evidence.catalog.studies]
        matches = [match_slip(slip, person, exams) for person in persons]
        best = min(range(len(persons)), key=lambda place: sum(one.word == "differs" for one in matches[place]))
        persons.insert(0, persons.pop(best))
        fields = matches[best]
    doubts = any(told.severity is not Severity.INFO for told in findings)
    word = "nobody" if not persons else "several" if len(persons) > 1 else "probably-one" if doubts else "one"
    if slip_fails(fields) and len(persons) < 2:
        word = "not-as-expected"
    return PersonVerdict(word, _summary(word, persons, fields), tuple(persons), fields)


def slip_fails(fields: Sequence[SlipField]) -> bool:
    """Whether what the slip says contradicts the disc: name, birth date or accession; an ID of another place does not by itself."""
    wrong = {one.field for one in fields if one.word == "differs"}
    right = {one.field for one in fields if one.word in ("ok", "near")}
    return bool(wrong & {"patient", "born", "accession"}) or ("patient_id" in wrong and not {"patient", "born"} <= right)


def _person(group: list[Who], observed: Mapping[Who, Use]) -> Person:
    group = sorted(group, key=lambda who: -observed[who].count)
    ids = tuple(dict.fromkeys((who.patient_id, who.issuer or who.institution) for who in group if who.patient_id))
    seen = {number for number, place in ids if place}
    ids = tuple((number, place) for number, place in ids if place or number not in seen)
    studies = tuple(sorted({study for who in group for study in observed[who].studies}))
    return Person(
        next((_shown(who.name) for who in group if normalised_name(who.name)), None),
        next((iso_date(who.birth_date) for who in group if who.birth_date), None),
        next((who.sex for who in group if who.sex), None),
        ids,
        sum(observed[who].count for who in group),
        studies,
    )


def _placed(person: Person, evidence: Evidence) -> Person:
    """With where the objects of this person's exams are."""
    uids = set(person.study_instance_uids)
    theirs = [(series, one) for study, series, one in evidence.instances if (study.study_instance_uid or "") in uids]
    paths = dict.fromkeys(path for _, one in theirs for path in (one.path, *(place.path for place in one.also_at)))
    series = dict.fromkeys(series.series_instance_uid for series, _ in theirs if series.series_instance_uid)
    return person._replace(paths=tuple(paths), series_instance_uids=tuple(series))


def _summary(word: str, persons: Sequence[Person], fields: Sequence[SlipField]) -> SafeText:
    if word == "several":
        return safe(translate("{count} different persons: stop, do not import").format(count=len(persons)))
    if word == "not-as-expected":
        return safe(translate("not the person of the request: stop, do not import"))
    if word == "nobody":
        return safe(translate("no object names a person"))
    if word == "probably-one":
        numbers = {_number(number) for number, _ in persons[0].ids}
        if len(numbers) > 1:
            return safe(translate("{count} patient IDs: one person, if what differs is confirmed").format(count=len(numbers)))
        return safe(translate("one person, if what differs is confirmed"))
    return safe(translate("one person, as requested") if fields else translate("one person"))


def _folded(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def _number(patient_id: str | None) -> str:
    """An ID without what systems differ in when they write it: case, spaces, zeros in front."""
    folded = _folded(patient_id).replace(" ", "")
    return folded.lstrip("0") or folded


def _shown(name: str | None) -> SafeText:
    parsed: PersonName | None = person_name(name or "")
    return parsed.shown if parsed else safe("?")
