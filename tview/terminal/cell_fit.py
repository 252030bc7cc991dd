"""For every cell the character and the two colours that come nearest to its pixels: least squares over the whole picture at once.

With a character chosen the best colours are the means of its two parts, or what the palette has nearest to them; its error then follows
from the sums of the parts, so that one matrix product gives the errors of all characters in all cells.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tview.terminal.glyphs import GlyphFamily

if TYPE_CHECKING:
    import numpy as np

    from tview.terminal.picture import Picture

    Array = np.ndarray[Any, np.dtype[Any]]

_CELLS_AT_ONCE = 512  # what is built stays in the processor's cache
_ROUNDING = 1e-3
_FLAT_BONUS = 0.5  # a cell of one colour is a space, whatever the sums are rounded to


class Fitted(NamedTuple):
    """Per cell, (rows, columns): number of the glyph in its family; the foreground and background as uint8 (rows, columns[, 3])."""

    glyph: "Array"
    foreground: "Array"
    background: "Array"


def fit_cells(picture: "Picture", family: GlyphFamily, greys: Sequence[int] | None = None, evenness: float = 0.0) -> Fitted:
    """The cells of a picture whose sides are whole cells. `greys` are those that the palette has, None for all.

    With few greys an area between two of them would come out flat: `evenness` is how much the error of a cell's mean counts beside the
    errors of its pixels, so that a character mixes the two. Colour pictures are fitted before rounding.
    """
    import numpy as np

    (high, wide), channels = family.grid, 1 if picture.ndim == 2 else 3
    rows, columns = picture.shape[0] // high, picture.shape[1] // wide
    cells = picture.reshape(rows, high, columns, wide, channels).transpose(0, 2, 4, 1, 3)
    samples = np.ascontiguousarray(cells).reshape(rows * columns, channels, high * wide)
    masks = np.array([mask for mask, _ in family.glyphs], np.float32)
    palette = np.array(greys, np.float32) if greys is not None and channels == 1 else None
    parts = [
        _fit_some(samples[start : start + _CELLS_AT_ONCE], masks, palette, evenness) for start in range(0, len(samples), _CELLS_AT_ONCE)
    ]
    glyph, foreground, background = (np.concatenate(part).astype(np.uint8) for part in zip(*parts, strict=True))
    shape = (rows, columns) if channels == 1 else (rows, columns, 3)
    return Fitted(glyph.reshape(rows, columns), foreground.reshape(shape), background.reshape(shape))


def _fit_some(samples: "Array", masks: "Array", palette: "Array | None", evenness: float) -> tuple["Array", "Array", "Array"]:
    import numpy as np

    inside = masks.sum(axis=1)
    outside = masks.shape[1] - inside
    wide = samples.astype(np.float32)
    inner = wide @ masks.T  # (cells, channels, glyphs): sums over the foreground
    outer = wide.sum(axis=-1, keepdims=True) - inner
    fore, back = inner / inside, outer / np.maximum(outside, 1)
    if palette is None:
        gain = inner * fore + outer * back
    else:
        fore, back, gain = _rounded(fore, back, inside, outside, palette, evenness)
    total = gain.sum(axis=1)
    total[:, 0] += _FLAT_BONUS
    glyph = total.argmax(axis=1)
    chosen = glyph[:, None, None]
    # Rounded down, which structural similarity likes better in the black around a slice, and the mean error does not feel.
    fore, back = (np.floor(np.take_along_axis(part, chosen, 2) + _ROUNDING) for part in (fore, back))
    back = np.where(outside[chosen] == 0, fore, back)
    return glyph, fore[..., 0], back[..., 0]


def _rounded(
    fore: "Array", back: "Array", inside: "Array", outside: "Array", palette: "Array", evenness: float
) -> tuple["Array", "Array", "Array"]:
    """For each pair of means the best pair of the palette's greys beside them, and what is gained by it."""
    import numpy as np

    low_fore, high_fore = _beside(fore, palette)
    low_back, high_back = _beside(back, palette)
    if not evenness:  # the parts do not know each other: the nearest for each
        a = np.where(2 * fore > low_fore + high_fore, high_fore, low_fore)
        b = np.where(2 * back > low_back + high_back, high_back, low_back)
        return a, b, inside * a * (2 * fore - a) + outside * b * (2 * back - b)
    best: list[Array] = []
    for a in (low_fore, high_fore):
        for b in (low_back, high_back):
            gain = inside * a * (2 * fore - a) + outside * b * (2 * back - b)
            gain -= evenness / (inside + outside) * (inside * (a - fore) + outside * (b - back)) ** 2
            if best:
                better = gain > best[2]
                best = [np.where(better, new, old) for new, old in zip((a, b, gain), best, strict=True)]
            else:
                best = [a, b, gain]
    return best[0], best[1], best[2]


def _beside(means: "Array", palette: "Array") -> tuple["Array", "Array"]:
    """The palette's next greys at or below each mean and above it."""
    import numpy as np

    below = np.searchsorted(palette, np.arange(256), side="right") - 1
    numbers = np.clip(means, 0, 255).astype(np.uint8)
    return palette[below].take(numbers), palette[np.minimum(below + 1, len(palette) - 1)].take(numbers)
