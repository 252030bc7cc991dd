"""Palettes for sixel: percent greys first, and for colour pictures the colours that the picture has."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from tview.terminal.picture import Picture

    Array = np.ndarray[Any, np.dtype[Any]]

MOST_GREYS = 101  # sixel counts colours in percent
_NEARLY_GREY = 12  # channels this close together are noise of a lossy picture, not colour
_CHANNEL_BITS = 5


def grey_percents(greys: int) -> list[int]:
    """The percents of so many evenly spaced greys, at most MOST_GREYS."""
    return [(2 * level * 100 + greys - 1) // (2 * (greys - 1)) for level in range(greys)]


def grey_numbers(picture: "Picture", greys: int) -> "Picture":
    """For each grey pixel the number of the nearest of so many evenly spaced greys."""
    import numpy as np

    table = ((np.arange(256, dtype=np.uint32) * 2 * (greys - 1) + 255) // 510).astype(np.uint8)
    return table[picture]


def colour_numbers(picture: "Picture", greys: int, colours: int) -> tuple["Picture", list[tuple[int, int, int]]]:
    """For each RGB pixel a palette number, and the RGB percents of the numbers from `greys` on (at most `colours` of them).

    Grey pixels keep their greys, the numbers below `greys`; the others share the colours of a median cut of what is there.
    """
    import numpy as np

    red, green, blue = (np.ascontiguousarray(picture[..., channel]) for channel in range(3))
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    coloured = spread > _NEARLY_GREY
    numbers = grey_numbers(green, greys)
    if not coloured.any():
        return numbers, []
    keys = _keys(red[coloured], green[coloured], blue[coloured])
    table, palette = _median_cut(keys, colours)
    numbers[coloured] = table[keys] + np.uint8(greys)
    return numbers, palette


def _keys(red: "Array", green: "Array", blue: "Array") -> "Array":
    import numpy as np

    shift = np.uint8(8 - _CHANNEL_BITS)
    keys = (red >> shift).astype(np.uint16) << np.uint16(2 * _CHANNEL_BITS)
    keys |= (green >> shift).astype(np.uint16) << np.uint16(_CHANNEL_BITS)
    keys |= blue >> shift
    return keys


def _median_cut(keys: "Array", colours: int) -> tuple["Array", list[tuple[int, int, int]]]:
    """Boxes of colours, the one with most pixels times extent cut first, at its median. Returns each key's box, and the boxes' means."""
    import numpy as np

    side = 1 << _CHANNEL_BITS
    counts = np.bincount(keys, minlength=side**3)
    present = np.flatnonzero(counts)
    points = np.stack((present // side**2, present // side % side, present % side), axis=1)
    weights = counts[present]
    boxes = [_box(np.arange(len(present)), points, weights)]
    while len(boxes) < colours and boxes[-1][0] > 0:
        _, channel, members = boxes.pop()
        order = members[np.argsort(points[members, channel], kind="stable")]
        sums = np.cumsum(weights[order])
        middle = min(max(1, int(np.searchsorted(sums, sums[-1] / 2)) + 1), len(order) - 1)
        boxes += [_box(order[:middle], points, weights), _box(order[middle:], points, weights)]
        boxes.sort(key=lambda box: box[0])
    table, palette = np.zeros(side**3, np.uint8), []
    for number, (_, _, members) in enumerate(boxes):
        table[present[members]] = number
        mean = np.average(points[members], axis=0, weights=weights[members]) * 100 / (side - 1)
        red, green, blue = (round(float(value)) for value in mean)
        palette.append((red, green, blue))
    return table, palette


def _box(members: "Array", points: "Array", weights: "Array") -> tuple[int, int, "Array"]:
    """(pixels times extent, widest channel, members); the first is 0 when there is nothing to cut."""
    extent = points[members].max(axis=0) - points[members].min(axis=0)
    channel = int(extent.argmax())
    return int(extent[channel]) * int(weights[members].sum()), channel, members
