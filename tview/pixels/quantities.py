"""What can be measured and what comes out, in words and numbers; no numpy, which the first paint does without."""

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """One kind of measurement: `points` are needed, more are taken when `open_ended`; `encloses` says that it has an area and values."""

    name: str
    points: int
    open_ended: bool = False
    encloses: bool = False


MEASURE_KINDS: tuple[MeasureKind, ...] = (
    MeasureKind("distance", 2),
    MeasureKind("angle", 3),  # the corner is the second point
    MeasureKind("cobb", 4),  # two lines of two points each
    MeasureKind("polyline", 2, open_ended=True),
    MeasureKind("ellipse", 2, encloses=True),  # two corners of the box around it
    MeasureKind("rectangle", 2, encloses=True),
    MeasureKind("polygon", 3, open_ended=True, encloses=True),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a measurement.

    `name` is "length", "across", "down", "angle", "area", "mean", "sd", "min", "max" or "pixels". `unit` is as shown: "mm", "px", "mm²",
    "°", "HU", "" where the file gives values no unit. `note` is what stands beside a calibrated one: "at detector", "GEOMETRY", …
    """

    name: str
    value: float
    unit: str
    note: str = ""
