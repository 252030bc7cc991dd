"""Pictures on their way to the terminal: uint8 arrays (rows, columns) grey or (rows, columns, 3) RGB."""

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    Picture: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]


def as_drawn(picture: "Picture") -> "Picture":
    """The picture contiguous, and as grey when its three channels are equal: grey costs a third and keeps all its levels.

    Raises:
        ValueError: not uint8, or not of one of the two shapes, or empty.
    """
    import numpy as np

    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or 0 in picture.shape or picture.shape[2:] not in ((), (3,)):
        raise ValueError(f"not a picture: {picture.dtype} {picture.shape}")
    if picture.ndim == 3 and is_grey(picture):
        picture = picture[..., 0]
    return np.ascontiguousarray(picture)


def is_grey(picture: "Picture") -> bool:
    """Whether all three channels are equal everywhere. A few rows are looked at first: colour pictures are told in no time."""
    for part in (picture[:: max(1, picture.shape[0] // 16)], picture):
        if not ((part[..., 0] == part[..., 1]).all() and (part[..., 1] == part[..., 2]).all()):
            return False
    return True


def boxed(picture: "Picture", rows: int, columns: int) -> "Picture":
    """The picture centred in a black box of this size; what is larger is cut at both sides. No copy when it fits already."""
    import numpy as np

    if picture.shape[:2] == (rows, columns):
        return picture
    top, left = max(0, picture.shape[0] - rows) // 2, max(0, picture.shape[1] - columns) // 2
    part = picture[top : top + rows, left : left + columns]
    box = np.zeros((rows, columns, *picture.shape[2:]), np.uint8)
    row, column = (rows - part.shape[0]) // 2, (columns - part.shape[1]) // 2
    box[row : row + part.shape[0], column : column + part.shape[1]] = part
    return box


def stretched(picture: "Picture", rows: int, columns: int) -> "Picture":
    """The picture over the whole box by repeating its nearest pixels; for drafts in terminals that cannot scale."""
    import numpy as np

    if picture.shape[:2] == (rows, columns):
        return picture
    row = np.arange(rows) * picture.shape[0] // rows
    column = np.arange(columns) * picture.shape[1] // columns
    result: Picture = picture[row[:, None], column]
    return result
