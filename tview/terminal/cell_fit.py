"""For every cell the character and the two colours that come nearest to its pixels: least squares over the whole picture at once.

With a character chosen the best colours are the means of its two parts, or what the palette has nearest to them; its error then follows
from the sums of the parts, so that one matrix product gives the errors of all characters in all cells.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

from tview.terminal.glyphs import GlyphFamily

if TYPE_CHECKING:
    import numpy as np

    from tview.terminal.picture import Picture

    Array = np.ndarray[Any, np.dtype[Any]]

_CELLS_AT_ONCE = 512  # what is built stays in the processor's cache
_FLAT_BONUS = 0.5  # a cell of one colour is a space, whatever the sums are rounded to


class Fitted(NamedTuple):
    """Per cell, (rows, columns): number of the glyph in its family; the foreground and background as uint8 (rows, columns[, 3])."""

    glyph: "Array"
    foreground: "Array"
    background: "Array"


def fit_cells(picture: "Picture", family: GlyphFamily, grey_levels: "Array | None" = None) -> Fitted:
    """The cells of a picture whose sides are whole cells. `grey_levels`, uint8 of 256, rounds a grey to one that the palette has.

    Colour pictures are fitted before rounding.
    """
    import numpy as np

    rows, columns = picture.shape[0] // family.rows, picture.shape[1] // family.columns
    channels = 1 if picture.ndim == 2 else 3
    pixels = family.rows * family.columns
    cells = picture.reshape(rows, family.rows, columns, family.columns, channels).transpose(0, 2, 4, 1, 3)
    samples = np.ascontiguousarray(cells).reshape(rows * columns, channels, pixels)
    masks = np.array([[mask >> bit & 1 for bit in range(pixels)] for mask, _ in family.glyphs], np.float32)
    parts = [_fit_some(samples[start : start + _CELLS_AT_ONCE], masks, grey_levels) for start in range(0, len(samples), _CELLS_AT_ONCE)]
    glyph, foreground, background = (np.concatenate(part).astype(np.uint8) for part in zip(*parts, strict=True))
    shape = (rows, columns) if channels == 1 else (rows, columns, 3)
    return Fitted(glyph.reshape(rows, columns), foreground.reshape(shape), background.reshape(shape))


def _fit_some(samples: "Array", masks: "Array", grey_levels: "Array | None") -> tuple["Array", "Array", "Array"]:
    import numpy as np

    pixels = masks.shape[1]
    inside = masks.sum(axis=1)
    outside = pixels - inside
    wide = samples.astype(np.float32)
    inner = wide @ masks.T  # (cells, channels, glyphs): sums of the foreground's pixels
    outer = wide.sum(axis=-1, keepdims=True) - inner
    rounds = grey_levels is not None and samples.shape[1] == 1
    if rounds:
        fore, back = _rounded(inner, inside, grey_levels), _rounded(outer, outside, grey_levels)
        gain = 2 * (fore * inner + back * outer) - inside * fore * fore - outside * back * back
    else:
        fore, back = inner / inside, outer / np.maximum(outside, 1)
        gain = inner * fore + outer * back
    total = gain.sum(axis=1)
    total[:, 0] += _FLAT_BONUS
    glyph = total.argmax(axis=1)
    chosen = glyph[:, None, None]
    fore, back = np.rint(np.take_along_axis(fore, chosen, 2)), np.rint(np.take_along_axis(back, chosen, 2))
    back = np.where(outside[chosen] == 0, fore, back)
    return glyph, fore[..., 0], back[..., 0]


def _rounded(sums: "Array", counts: "Array", grey_levels: "Array | None") -> "Array":
    """The palette's greys nearest to the means."""
    import numpy as np

    assert grey_levels is not None
    means = sums * (1 / np.maximum(counts, 1)) + np.float32(0.5)
    rounded: Array = grey_levels.astype(np.float32).take(means.astype(np.uint8))
    return rounded
