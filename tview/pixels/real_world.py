"""What a stored value means in the world: Real World Value Mapping, with its own unit (PS3.3 C.7.6.16.2.11)."""

from dataclasses import dataclass

from tview.dicom import DataSet
from tview.pixels.groups import Groups
from tview.text import SafeText

REAL_WORLD_VALUE_MAPPING_SEQUENCE = 0x00409096
_FIRST, _LAST, _FIRST_DOUBLE, _LAST_DOUBLE = 0x00409216, 0x00409211, 0x00409214, 0x00409213
_SLOPE, _INTERCEPT, _DATA = 0x00409225, 0x00409224, 0x00409212
_UNITS, _EXPLANATION, _LABEL = 0x004008EA, 0x00283003, 0x00409210
_CODE_VALUE, _CODE_MEANING = 0x00080100, 0x00080104
_PLAIN_UNITS = ("1", "{counts}", "no units", "[arb'U]")


@dataclass(frozen=True, slots=True)
class RealWorldMap:
    """Stored values from `first` to `last`, ends included, times `slope` plus `intercept`, or the entry of `values`; in `unit` (UCUM)."""

    first: float
    last: float
    slope: float
    intercept: float
    values: tuple[float, ...]
    unit: SafeText | None
    label: SafeText | None

    def value(self, stored: float) -> float | None:
        """The real-world value of a stored one; None outside the range that is mapped."""
        if not self.first <= stored <= self.last:
            return None
        if self.values:
            return self.values[min(int(stored - self.first), len(self.values) - 1)]
        return stored * self.slope + self.intercept


def read_real_world(groups: Groups) -> tuple[RealWorldMap, ...]:
    """The maps of a frame, in file order: they stand in its functional groups, or beside the pixels."""
    for source in (groups.frame, groups.shared, groups.data_set):
        items = source.items(REAL_WORLD_VALUE_MAPPING_SEQUENCE) if source is not None else ()
        if items:
            return read_maps(items)
    return ()


def read_maps(items: tuple[DataSet, ...]) -> tuple[RealWorldMap, ...]:
    """The usable maps of a Real World Value Mapping Sequence."""
    maps = []
    for item in items:
        first, last = _end(item, _FIRST_DOUBLE, _FIRST), _end(item, _LAST_DOUBLE, _LAST)
        slope, values = item.number(_SLOPE), item.numbers(_DATA)
        if first is None or last is None or (slope is None and not values):
            continue
        units = item.items(_UNITS)
        unit = (units[0].text(_CODE_VALUE) or units[0].text(_CODE_MEANING)) if units else None
        maps.append(
            RealWorldMap(
                first=first,
                last=last,
                slope=slope or 0.0,
                intercept=item.number(_INTERCEPT) or 0.0,
                values=tuple(values),
                unit=unit if unit and str(unit) not in _PLAIN_UNITS else None,
                label=item.text(_EXPLANATION) or item.text(_LABEL),
            )
        )
    return tuple(maps)


def _end(item: DataSet, double_tag: int, tag: int) -> float | None:
    exact = item.number(double_tag)
    return exact if exact is not None else item.number(tag)
