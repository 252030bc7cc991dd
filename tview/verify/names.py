"""Names of persons without what differs between two writings of one name: case, marks, titles, middle names, script groups."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

_TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "dame", "herr", "frau", "mme", "mlle", "sr", "sra", "jr", "md", "phd"))
_NO_LETTERS = re.compile(r"[^\w]+")
_SPELLED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


class Normal(tuple[str, ...]):
    """The family and given names of one script group, folded; equal for two writings of one name."""

    __slots__ = ()


@lru_cache(maxsize=4096)
def normalised_name(text: str | None) -> tuple[Normal, ...]:
    """A person's name as (family, given) for each script group that has letters; empty when it names nobody.

    `text` is a PN value ("DOE^JANE^^DR=…"), or what a person types ("Doe, Jane"; "Jane Doe" reads as one run of words).
    """
    groups = []
    for group in (text or "").split("="):
        caret = group.replace(",", "^", 1) if "^" not in group else group
        parts = [_words(part) for part in caret.split("^")[:2]]
        words = Normal(" ".join(part) for part in parts if part)
        if words:
            groups.append(words)
    return tuple(groups)


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two writings can be of one name: in one script group family and given names agree.

    Of several given names one list may lack the last ones, and a name in one run of words may stand in any order. Two names without a
    script in common are not the same, as far as this can tell.
    """
    return any(_fits(a, b) for a in normalised_name(one) for b in normalised_name(other))


def plain_words(part: str) -> tuple[str, ...]:
    """The words of a part of a name as they are compared, and all of it as one."""
    return (*(_plainest(word) for word in part.split()), _plainest(part.replace(" ", "")))


def same_given(one: str | None, other: str | None) -> bool:
    """Whether the given names of two names agree in one script group, whatever the family names are."""
    pairs = ((a, b) for a in normalised_name(one) for b in normalised_name(other) if len(a) == len(b) == 2)
    return any(_given_fits(a[1], b[1]) for a, b in pairs)


def _words(part: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", part.casefold().translate(_SPELLED))
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    words = [word for word in _NO_LETTERS.split(plain) if word]
    return [word for word in words if word not in _TITLES] or words


def _fits(a: Normal, b: Normal) -> bool:
    if len(a) == len(b) == 2:
        return _alike(a[0], b[0]) and _given_fits(a[1], b[1])
    one, other = (sorted(_plainest(word) for part in name for word in part.split()) for name in (a, b))
    return one == other or (min(len(one), len(other)) >= 2 and (set(one) <= set(other) or set(other) <= set(one)))


def _given_fits(a: str, b: str) -> bool:
    one, other = a.split(), b.split()
    shared = min(len(one), len(other))
    return all(_alike(x, y) or _is_initial(x, y) for x, y in zip(one[:shared], other[:shared], strict=True))


def _is_initial(a: str, b: str) -> bool:
    return min(len(a), len(b)) == 1 and a[:1] == b[:1]


def _alike(a: str, b: str) -> bool:
    return a == b or _plainest(a.replace(" ", "")) == _plainest(b.replace(" ", ""))


def _plainest(word: str) -> str:
    for two, one in _UMLAUTS:
        word = word.replace(two, one)
    return word


def near_name(one: str | None, other: str | None) -> bool:
    """Whether one can be a wrong spelling of the other, or the two are in scripts that cannot be held against each other."""
    pairs = [(a, b) for a in normalised_name(one) for b in normalised_name(other) if _script(a) == _script(b)]
    return not pairs or any(_near(a, b) for a, b in pairs)


_NEAR = 0.7
"""Share of letters that two spellings of one part of a name have in common, in order."""


def _near(a: Normal, b: Normal) -> bool:
    if len(a) != len(b):
        return _ratio(" ".join(a), " ".join(b)) >= _NEAR
    straight = min(_ratio(x, y) for x, y in zip(a, b, strict=True))
    crossed = min(_ratio(x, y) for x, y in zip(a, reversed(b), strict=True))
    return max(straight, crossed) >= _NEAR


def _ratio(a: str, b: str) -> float:
    return SequenceMatcher(None, a[:64], b[:64], autojunk=False).ratio()


def _script(name: Normal) -> str:
    return unicodedata.name(name[0][0], "?").partition(" ")[0]
