"""From findings to sentences, in the reader's language. Every value passes the gate on its way into a sentence."""

import gettext
from functools import cache
from pathlib import Path
from string import Formatter

from tview.errors import Finding, kind_of
from tview.text.gate import SafeText, safe

_VALUE_LIMIT = 200


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("tview", localedir=str(Path(__file__).parent.parent / "locale"), fallback=True)


def translate(message: str) -> str:
    """A message of the program in the reader's language (gettext; LANGUAGE, LC_ALL, LC_MESSAGES, LANG decide)."""
    return _catalogue().gettext(message) if message else ""


def message_of(finding: Finding) -> SafeText:
    """What happened and where, as one row."""
    return _sentence(kind_of(finding.code).message, finding)


def advice_of(finding: Finding) -> SafeText:
    """What to do next; empty when there is nothing to do."""
    return _sentence(kind_of(finding.code).advice, finding)


class _Lenient(Formatter):
    """A value the finding lacks shows as a question mark: a sentence about trouble must not make trouble."""

    def get_value(self, key: int | str, args: object, kwargs: object) -> object:
        assert isinstance(kwargs, dict)
        return kwargs.get(key, "?")


def _sentence(template: str, finding: Finding) -> SafeText:
    places: dict[str, object] = {name: _shown(value) for name, value in finding.values.items()}
    places.setdefault("path", _shown(finding.path or "?"))
    places.setdefault("count", finding.count)
    if finding.range:
        places.setdefault("range", f"{finding.range[0]}+{finding.range[1]}")
    return safe(_Lenient().format(translate(template), **places))


def _shown(value: str | int | float) -> str:
    return safe(value, _VALUE_LIMIT) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
