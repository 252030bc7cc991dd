"""Another person's name, ID and dates in a comparison: withheld until somebody asks for them."""

from tview.text import safe, translate
from tview.verify.comparing.model import Compared, Differing

_PERSON = ("(0010,0010)", "(0010,0020)", "(0010,0030)", "(0010,1000)", "(0010,1001)", "(0010,1005)", "(0010,1040)", "(0010,2154)")
_OTHERS = ("(0010,1002)", "(0010,0024)", "(0010,0034)")


def without_other_persons(compared: Compared) -> Compared:
    """The same without what B says of the person where A says something else."""
    pairs = tuple(pair._replace(elements=tuple(map(_masked, pair.elements))) for pair in compared.pairs)
    return compared._replace(pairs=pairs)


def _masked(one: Differing) -> Differing:
    mine = one.place.startswith((*_PERSON, *_OTHERS))
    return one._replace(b=safe(translate("withheld (--show-all-persons)"))) if mine and one.b else one
