"""Picture files as pages, in the process that may be killed: PNG, JPEG, GIF, TIFF and BMP by Pillow, no other format."""

import io
from typing import Any

_FORMATS = ("PNG", "JPEG", "GIF", "TIFF", "BMP", "JPEG2000")
_MOST_PIXELS = 200_000_000


class PicturePages:
    """One page for each picture of the file. Raises what Pillow raises."""

    def __init__(self, data: bytes) -> None:
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
        self._image = Image.open(io.BytesIO(data), formats=_FORMATS)
        if self._image.width * self._image.height > _MOST_PIXELS:
            raise ValueError(f"{self._image.width} x {self._image.height} pixels are more than are read here")

    def __len__(self) -> int:
        return int(getattr(self._image, "n_frames", 1))

    def __getitem__(self, index: int) -> "PicturePage":
        self._image.seek(index)
        return PicturePage(self._image)


class PicturePage:
    """One picture, upright as its camera says."""

    def __init__(self, image: Any) -> None:
        self._image = image

    def rgb(self, rows: int, columns: int) -> tuple[dict[str, Any], bytes]:
        """Its pixels as RGB, made smaller where they do not fit into the box, never larger; transparent ones over white."""
        from PIL import Image, ImageOps

        image = ImageOps.exif_transpose(self._image)
        if image.mode.startswith(("I", "F")):
            image = _eight_bits(image)
        if "A" in image.getbands() or "transparency" in image.info:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        image = image.convert("RGB")
        image.thumbnail((columns, rows))
        return {"rows": image.height, "columns": image.width}, image.tobytes()

    def get_textpage(self) -> "PicturePage":
        """A picture has no text."""
        return self

    def get_text_bounded(self) -> str:
        """None."""
        return ""

    def close(self) -> None:
        """Nothing to close."""


def _eight_bits(image: Any) -> Any:
    """Deep greys spread over 0-255 from their smallest to their largest: nothing says what they mean."""
    import numpy as np
    from PIL import Image

    values = np.asarray(image, np.float64)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255.0 / max(high - low, 1e-9))).astype(np.uint8))
