"""What passes between a medium and whoever reads it: plain frozen values."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

HOLE = -1
"""The offset of an `Extent` that is recorded nowhere and reads as zeros (a sparse file)."""


@dataclass(frozen=True, slots=True)
class Read:
    """Bytes that were asked for: zeros where the medium did not give them up, shorter only past the end.

    `unreadable` holds (offset, length) in the caller's coordinates: those of the source, or of the entry.
    """

    data: bytes
    unreadable: tuple[tuple[int, int], ...] = ()


class Source(Protocol):
    """A row of bytes. Any thread may read."""

    @property
    def size(self) -> int: ...
    @property
    def name(self) -> str: ...
    def read_at(self, offset: int, length: int) -> Read:
        """At most `length` bytes. Raises `MediumError` only when the medium has gone away."""

    def close(self) -> None: ...


@runtime_checkable
class Sparse(Protocol):
    """A source that may know where nothing is recorded."""

    def next_data(self, offset: int) -> int:
        """The first byte from `offset` on before which all is zeros; `offset` itself where nothing is known, `size` past the last one."""


def next_data(source: Source, offset: int) -> int:
    """See `Sparse.next_data`; of any source."""
    return source.next_data(offset) if isinstance(source, Sparse) else offset


# One of each is made for every file of a disc; as frozen dataclasses they took three times as long, which is felt in opening one.
class Extent(NamedTuple):
    """A run of bytes of the source; `offset` may be HOLE."""

    offset: int
    length: int


class Entry(NamedTuple):
    """A file on a medium.

    `path` is its address: raw, '/'-joined from the root, undecodable bytes kept by surrogateescape; it passes the gate before it is shown.
    `size` is what the listing says, `present` how much of it lies on the medium: less means a file that is cut off.
    `order` is the position of its first byte, or the place in the listing where positions are unknown. `session` counts from 1.
    `tree` says which listing of the disc names it.
    """

    path: str
    size: int
    present: int
    extents: tuple[Extent, ...] = ()
    order: int = 0
    session: int | None = None
    tree: str = ""

    @property
    def whole(self) -> bool:
        """Whether the medium is long enough to hold all of it. Says nothing about bad sectors: `Read.unreadable` does."""
        return self.present >= self.size


@dataclass(frozen=True, slots=True)
class Resolved:
    """The file that a reference means. `repair` names what had to be overlooked, '+'-joined from REPAIRS, or is None.

    After the repair "base-name" only the name fits: the caller makes sure that the content does.
    """

    entry: Entry
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A reference that leads out of the medium and was not followed. `code` is a finding's."""

    code: str = "reference-outside"


REPAIRS = ("case", "version", "dot", "separator", "parts", "drive-letter", "absolute", "ending", "root", "base-name")
