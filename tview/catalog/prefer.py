"""Which series a reader would open first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tview.catalog.model import Catalog, Series, Study

PICTURES_OF_TEXT = frozenset(("SR", "KO", "PR", "DOC", "OT", "SC"))
LIE_OVER_OTHERS = frozenset(("RTDOSE", "SEG"))


def first_series(catalog: "Catalog") -> "Series | None":
    """Of the newest exam with pictures: an original, readable image series, no scout, not raw; of several one without damage, and of those
    the one with most images.

    None when nothing at all can be shown.
    """
    return first_of([(study, series) for study in catalog.studies for series in study.series if series.image_count])


def first_of(candidates: "Sequence[tuple[Study, Series]]") -> "Series | None":
    """The one of these to open first."""
    return max(candidates, key=lambda pair: _rank(pair[1], pair[0]), default=(None, None))[1]


def _rank(series: "Series", study: "Study") -> tuple[object, ...]:
    stack = series.main_stack
    length = stack.ok_count if stack else 0
    return (
        series.is_image and length > 0,
        not series.is_raw,
        not series.is_scout,
        series.modality not in PICTURES_OF_TEXT and series.modality not in LIE_OVER_OTHERS,
        series.kind == "image",
        study.shown_date or "",
        series.damaged_count == 0,
        not series.is_derived,
        max(length, series.frame_count if length == 1 else 0),
        -(series.series_number if series.series_number is not None else 1 << 40),
    )
