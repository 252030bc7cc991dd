"""The frames of an enhanced object as if each were an object of its own: where it lies and what it is, by its functional groups.

PS3.3 C.7.6.16: what one frame does not say the shared groups say for all.
"""

import struct
from collections.abc import Iterator, Sequence

from tview.catalog.facts import Axes, Facts
from tview.dicom import tags as t
from tview.dicom.data_set import DataSet
from tview.dicom.values import text_numbers
from tview.text import safe

MOST_FRAMES = 20_000
_INVERSION_TIMES = 0x00189079
_MR_MODIFIER_SEQUENCE = 0x00189115
_COMPLEX_IMAGE_COMPONENT = 0x00089208
_FRAME_TYPES = (t.MR_IMAGE_FRAME_TYPE_SEQUENCE, t.CT_IMAGE_FRAME_TYPE_SEQUENCE)
_PLACES = frozenset((t.STACK_ID, t.IN_STACK_POSITION_NUMBER, t.IMAGE_POSITION_PATIENT))
_NOTHING = Axes._make([None] * len(Axes._fields))


def frame_facts(facts: Facts, data_set: DataSet) -> tuple[Facts, ...]:
    """One for each frame, its number from 1 as Instance Number; () without groups for every frame, or with more than MOST_FRAMES."""
    frames = data_set.items(t.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)
    if not 1 < len(frames) <= MOST_FRAMES or len(frames) != facts.frames:
        return ()
    shared = data_set.first_item(t.SHARED_FUNCTIONAL_GROUPS_SEQUENCE)
    pointers = [item.integer(t.DIMENSION_INDEX_POINTER) or 0 for item in data_set.items(t.DIMENSION_INDEX_SEQUENCE)]
    kept = [place for place, pointer in enumerate(pointers) if pointer not in _PLACES]
    return tuple(_frame(facts, _Groups(frame, shared), kept, number) for number, frame in enumerate(frames, 1))


class _Groups:
    """The functional groups of one frame."""

    def __init__(self, own: DataSet, shared: DataSet | None) -> None:
        self._levels = (own, shared) if shared is not None else (own,)

    def items(self, sequence: int) -> Iterator[DataSet]:
        for level in self._levels:
            item = level.first_item(sequence)
            if item is not None:
                yield item

    def raw(self, sequence: int, tag: int) -> bytes | None:
        return next((raw for item in self.items(sequence) if (raw := item.raw(tag))), None)

    def number(self, sequence: int, tag: int) -> bytes | None:
        """The first number of a binary value as digits."""
        for item in self.items(sequence):
            numbers = item.numbers(tag)
            if numbers:
                return b"%g" % numbers[0]
        return None


def _frame(facts: Facts, groups: _Groups, dimensions: Sequence[int], number: int) -> Facts:
    index = next((item.integers(t.DIMENSION_INDEX_VALUES) for item in groups.items(t.FRAME_CONTENT_SEQUENCE)), ())
    b_value = groups.number(t.MR_DIFFUSION_SEQUENCE, t.DIFFUSION_B_VALUE)
    direction = next((item.first_item(t.DIFFUSION_GRADIENT_DIRECTION_SEQUENCE) for item in groups.items(t.MR_DIFFUSION_SEQUENCE)), None)
    axes = _NOTHING._replace(
        temporal_position=groups.number(t.FRAME_CONTENT_SEQUENCE, t.TEMPORAL_POSITION_INDEX),
        trigger_delay=groups.number(t.CARDIAC_SYNCHRONIZATION_SEQUENCE, t.NOMINAL_CARDIAC_TRIGGER_DELAY_TIME),
        echo_time=groups.number(t.MR_ECHO_SEQUENCE, t.EFFECTIVE_ECHO_TIME),
        standard_b_value=struct.pack("<d", float(b_value)) if b_value else None,
        direction=direction.raw(t.DIFFUSION_GRADIENT_ORIENTATION) if direction is not None else None,
        inversion_time=groups.number(_MR_MODIFIER_SEQUENCE, _INVERSION_TIMES),
        acquisition_number=groups.number(t.FRAME_CONTENT_SEQUENCE, t.FRAME_ACQUISITION_NUMBER),
        dimension=b"/".join(b"%d" % index[place] for place in dimensions if place < len(index)) or None,
        acquisition_date_time=groups.raw(t.FRAME_CONTENT_SEQUENCE, t.FRAME_ACQUISITION_DATE_TIME),
    )
    return facts._replace(
        instance_number=number,
        order=number,
        frames=1,
        orientation=_numbers(groups.raw(t.PLANE_ORIENTATION_SEQUENCE, t.IMAGE_ORIENTATION_PATIENT), 6),
        position=_numbers(groups.raw(t.PLANE_POSITION_SEQUENCE, t.IMAGE_POSITION_PATIENT), 3),
        spacing=_numbers(groups.raw(t.PIXEL_MEASURES_SEQUENCE, t.PIXEL_SPACING), 2) or facts.spacing,
        image_type=_image_type(groups) or facts.image_type,
        axes=axes,
        concatenation=None,
    )


def _numbers(raw: bytes | None, count: int) -> tuple[float, ...]:
    numbers = text_numbers(raw.decode("latin-1")) if raw else ()
    return numbers if len(numbers) == count else ()


def _image_type(groups: _Groups) -> tuple[str, ...]:
    for sequence in _FRAME_TYPES:
        raw = groups.raw(sequence, t.FRAME_TYPE)
        if raw:
            component = groups.raw(sequence, _COMPLEX_IMAGE_COMPONENT) or b""
            return tuple(safe(part.decode("latin-1").strip(" \0"), 64) for part in (*raw.split(b"\\"), *filter(None, (component,))))
    return ()
