"""XML read as events within limits: no entity of the document's own, nothing from outside, bounded depth and size."""

from collections.abc import Callable
from xml.parsers import expat

from tview.errors import DocumentError, finding

_LARGEST = 32 << 20
_DEEPEST = 200
_MOST_ELEMENTS = 400_000


class _Refused(Exception):
    pass


def read_xml(
    data: bytes, path: str, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], text: Callable[[str], None]
) -> str | None:
    """Feed the events of a document. Names come without their name space.

    Gives why it ended early, None when it did not: what was read before is kept.

    Raises:
        DocumentError: it declares entities, is too large, too deep, or no XML from its first element on.
    """
    if len(data) > _LARGEST:
        raise DocumentError(finding("document-too-large", path=path, megabytes=len(data) >> 20, limit=_LARGEST >> 20))
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True
    counts = [0, 0]

    def opened(name: str, attributes: dict[str, str]) -> None:
        counts[0] += 1
        counts[1] += 1
        if counts[0] > _DEEPEST or counts[1] > _MOST_ELEMENTS:
            raise _Refused("it is nested too deep, or has too many elements")
        start(name.rpartition("\n")[2], {key.rpartition("\n")[2]: value for key, value in attributes.items()})

    def closed(name: str) -> None:
        counts[0] -= 1
        end(name.rpartition("\n")[2])

    def refuse(*_: object) -> None:
        raise _Refused("it declares entities of its own, which are not followed")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opened, closed, text
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = lambda *_: 0
    try:
        parser.Parse(data, True)
    except _Refused as error:
        raise DocumentError(finding("document-unreadable", path=path, problem=str(error))) from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        if counts[1] == 0:
            raise DocumentError(finding("document-unreadable", path=path, problem=str(error))) from error
        return str(error)
    return None
