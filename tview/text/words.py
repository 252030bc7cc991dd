"""From findings to sentences, in the reader's language. Every value passes the gate on its way into a sentence."""

import gettext
import os
from functools import cache
from string import Formatter

from tview.errors import Finding, kind_of
from tview.text.gate import SafeText, safe

_VALUE_LIMIT = 200


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("tview", localedir=os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale"), fallback=True)


def translate(message: str) -> str:
    """A message of the program in the reader's language (gettext; LANGUAGE, LC_ALL, LC_MESSAGES, LANG decide)."""
    return _catalogue().gettext(message) if message else ""


def message_of(finding: Finding) -> SafeText:
    """What happened and where, as one row."""
    return sentence(kind_of(finding.code).message, finding)


def advice_of(finding: Finding) -> SafeText:
    """What to do next; empty when there is nothing to do."""
    return sentence(kind_of(finding.code).advice, finding)


def times_of(finding: Finding) -> int:
    """How often it stands for the same: what to write beside its sentence; 1 where the sentence says it."""
    return 1 if "{count" in kind_of(finding.code).message else finding.count


class _Lenient(Formatter):
    """A value the finding lacks shows as a question mark: a sentence about trouble must not make trouble.

    ``{count:# image is/# images are}`` has one form for each plural of the language, the number in the place of #.
    """

    def get_value(self, key: int | str, args: object, kwargs: object) -> object:
        assert isinstance(kwargs, dict)
        return kwargs.get(key, "?")

    def format_field(self, value: object, format_spec: str) -> str:
        if "/" not in format_spec:
            return str(value)
        forms = format_spec.split("/")
        return forms[min(_plural(str(value)), len(forms) - 1)].replace("#", str(value))


def _plural(number: str) -> int:
    """Which plural form goes with a number, by the language's rule."""
    rule = getattr(_catalogue(), "plural", None)
    if rule is None or not number.isdigit():
        return number != "1"
    return int(rule(int(number)))


def sentence(template: str, finding: Finding) -> SafeText:
    """A sentence of one's own with the finding's values in its places."""
    places: dict[str, object] = {name: _shown(value) for name, value in finding.values.items()}
    places.setdefault("path", _shown(finding.path or "?"))
    places.setdefault("count", finding.count)
    if finding.range:
        places.setdefault("range", f"{finding.range[0]}+{finding.range[1]}")
    return safe(_Lenient().format(translate(template), **places))


def filled(template: str, **values: str | int | float) -> SafeText:
    """One of the program's own messages with values in its places, plurals too (``{count:# image is/# images are}``)."""
    return safe(_Lenient().format(translate(template), **values))


def _shown(value: str | int | float) -> str:
    return safe(value, _VALUE_LIMIT) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
