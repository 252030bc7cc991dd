"""UDF of the kinds that no program here writes files into: laid out by hand after ECMA-167 and the OSTA UDF specification."""

import shutil
import struct
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tview.media import open_medium

SIZE = 2048
START = 272  # of the partition
LENGTH = 400


def crc_itu(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc


def tagged(identifier: int, location: int, body: bytes, version: int = 3) -> bytes:
    """A descriptor: its tag (ECMA-167 3/7.2), then `body`."""
    tag = bytearray(struct.pack("<HHBxHHHI", identifier, version, 0, 1, crc_itu(body), len(body), location))
    tag[4] = sum(tag) & 0xFF
    return bytes(tag) + body


def regid(name: bytes, suffix: bytes = b"\x50\x02") -> bytes:
    return b"\0" + name.ljust(23, b"\0") + suffix.ljust(8, b"\0")


def dstring(text: str, size: int) -> bytes:
    return (b"\x08" + text.encode("latin-1")).ljust(size - 1, b"\0") + bytes([len(text) + 1])


def long_ad(length: int, block: int, partition: int) -> bytes:
    return struct.pack("<IIH6x", length, block, partition)


def short_ad(length: int, block: int) -> bytes:
    return struct.pack("<II", length, block)


def file_entry(location: int, file_type: int, size: int, descriptors: bytes, form: int) -> bytes:
    """ECMA-167 4/14.9."""
    icb_tag = struct.pack("<IHHHBB6sH", 0, 4, 0, 1, 0, file_type, bytes(6), form)
    body = icb_tag + bytes(12) + struct.pack("<H6xQQ", 1, size, (size + SIZE - 1) // SIZE) + bytes(36 + 4 + 16 + 32) + struct.pack("<Q", 16)
    assert len(body) == 152
    return tagged(261, location, body + struct.pack("<II", 0, len(descriptors)) + descriptors)


def identifier(location: int, name: str, icb: bytes, characteristics: int) -> bytes:
    """ECMA-167 4/14.4."""
    raw = b"\x08" + name.encode("latin-1") if name else b""
    body = struct.pack("<HBB", 1, characteristics, len(raw)) + icb + struct.pack("<H", 0) + raw
    return tagged(257, location, body + bytes(-(len(body) + 16) % 4))


@dataclass
class Disc:
    """Blocks by number; `kind` is plain, virtual, sparable or metadata. `meta` gives the partition reference of ICBs and folders."""

    kind: str
    blocks: dict[int, bytes] = field(default_factory=dict)
    table: list[int] = field(default_factory=list)  # virtual block -> block in the partition
    next_data: int = 40
    next_meta: int = 0

    @property
    def meta(self) -> int:
        return 1 if self.kind in ("virtual", "metadata") else 0

    def place_meta(self, make) -> int:
        """Put one block of structure down; `make(number)` gives it. Returns its number in the partition `meta`."""
        number = self.next_meta
        self.next_meta += 1
        if self.kind == "virtual":
            real = 2 * number + 1  # out of order on purpose, with gaps
            self.table.append(real)
        elif self.kind == "metadata":
            real = 200 + number if number < 5 else 210 + number  # the metadata file has two extents
        else:
            real = number
        self.blocks[START + real] = make(number)
        return number

    def place_data(self, data: bytes) -> bytes:
        """Put the bytes of a file down; returns its allocation descriptors (long): two extents where it can."""
        many = (len(data) + SIZE - 1) // SIZE
        first = self.next_data
        self.next_data += many + 1
        descriptors = b""
        for number in range(many):
            at = first + number + (number > 0)  # a gap after the first block
            self.blocks[START + at] = data[number * SIZE : (number + 1) * SIZE].ljust(SIZE, b"\0")
            if number < 2:
                length = min(SIZE, len(data)) if number == 0 else len(data) - SIZE
                descriptors += long_ad(length, at, 0)
        return descriptors

    def file(self, data: bytes) -> bytes:
        """A file; returns the long_ad of its ICB."""
        descriptors = self.place_data(data)
        return long_ad(SIZE, self.place_meta(lambda number: file_entry(number, 5, len(data), descriptors, 1)), self.meta)

    def folder(self, files: dict[str, bytes]) -> bytes:
        """A folder with everything below; returns the long_ad of its ICB."""
        below: dict[str, dict[str, bytes]] = {}
        here = self.next_meta
        self.place_meta(lambda number: bytes(SIZE))
        content_at = self.place_meta(lambda number: bytes(SIZE))
        listing = identifier(content_at, "", long_ad(SIZE, here, self.meta), 0x0A)
        for path, data in files.items():
            name, _, rest = path.partition("/")
            if rest:
                below.setdefault(name, {})[rest] = data
            else:
                listing += identifier(content_at, name, self.file(data), 0)
        for name, inside in below.items():
            listing += identifier(content_at, name, self.folder(inside), 2)
        assert len(listing) <= SIZE
        self.next_meta, keep = content_at, self.next_meta
        if self.kind == "virtual":
            self.blocks[START + self.table[content_at]] = listing.ljust(SIZE, b"\0")
            self.blocks[START + self.table[here]] = file_entry(here, 4, len(listing), short_ad(len(listing), content_at), 0)
        else:
            shift = (lambda n: 200 + n if n < 5 else 210 + n) if self.kind == "metadata" else (lambda n: n)
            self.blocks[START + shift(content_at)] = listing.ljust(SIZE, b"\0")
            self.blocks[START + shift(here)] = file_entry(here, 4, len(listing), short_ad(len(listing), content_at), 0)
        self.next_meta = keep
        return long_ad(SIZE, here, self.meta)

    def maps(self) -> list[bytes]:
        one = struct.pack("<BBHH", 1, 6, 1, 0)
        two = struct.pack("<BBH", 2, 64, 0)
        if self.kind == "virtual":
            return [one, (two + regid(b"*UDF Virtual Partition") + struct.pack("<HH", 1, 0)).ljust(64, b"\0")]
        if self.kind == "metadata":
            places = struct.pack("<IIIIHB", 190, 191, 0xFFFFFFFF, 32, 1, 1)
            return [one, (two + regid(b"*UDF Metadata Partition") + struct.pack("<HH", 1, 0) + places).ljust(64, b"\0")]
        if self.kind == "sparable":
            places = struct.pack("<HBxIII", 32, 2, SIZE, 700, 701)
            return [(two + regid(b"*UDF Sparable Partition") + struct.pack("<HH", 1, 0) + places).ljust(64, b"\0")]
        return [one]

    def image(self, files: dict[str, bytes], label: str = "CRAFTED") -> bytes:
        file_set = self.place_meta(lambda number: bytes(SIZE))
        root = self.folder(files)
        set_body = bytearray(496)
        set_body[400 - 16 : 416 - 16] = root
        where = START + (self.table[file_set] if self.kind == "virtual" else 200 if self.kind == "metadata" else file_set)
        self.blocks[where] = tagged(256, file_set, bytes(set_body))
        for number, mark in enumerate((b"BEA01", b"NSR03", b"TEA01")):
            self.blocks[16 + number] = b"\0" + mark + b"\1"
        partition = bytearray(496)
        partition[0:4], partition[22 - 16 : 24 - 16] = struct.pack("<I", 3), struct.pack("<H", 0)
        partition[188 - 16 : 196 - 16] = struct.pack("<II", START, LENGTH)
        maps = self.maps()
        logical = bytearray(424)
        logical[0:4], logical[84 - 16 : 212 - 16] = struct.pack("<I", 2), dstring(label, 128)
        logical[212 - 16 : 216 - 16] = struct.pack("<I", SIZE)
        logical[248 - 16 : 264 - 16] = long_ad(SIZE, file_set, self.meta)
        logical[264 - 16 : 272 - 16] = struct.pack("<II", sum(map(len, maps)), len(maps))
        for at in (32, 48):
            self.blocks[at] = tagged(1, at, bytes(496))
            self.blocks[at + 1] = tagged(6, at + 1, bytes(logical) + b"".join(maps))
            self.blocks[at + 2] = tagged(5, at + 2, bytes(partition))
            self.blocks[at + 3] = tagged(8, at + 3, bytes(496))
        self.finish()
        last = max(self.blocks) + (0 if self.kind == "virtual" else 1)
        anchors = (256,) if self.kind == "virtual" else (256, last)
        for at in anchors:
            self.blocks[at] = tagged(2, at, struct.pack("<IIII", 16 * SIZE, 32, 16 * SIZE, 48) + bytes(480))
        return b"".join(self.blocks.get(number, b"").ljust(SIZE, b"\0") for number in range(last + 1))

    def finish(self) -> None:
        if self.kind == "virtual":
            self.write_vat(0)
        elif self.kind == "metadata":
            for at in (190, 191):
                size = 25 * SIZE
                extents = (
                    short_ad(5 * SIZE, 200) + short_ad(20 * SIZE, 215) if at == 190 else short_ad(5 * SIZE, 300) + short_ad(20 * SIZE, 305)
                )
                self.blocks[START + at] = file_entry(at, 250 if at == 190 else 251, size, extents, 0)
            for number in range(25):
                real = START + (200 + number if number < 5 else 210 + number)
                self.blocks[START + 300 + number] = self.blocks.get(real, bytes(SIZE))
        elif self.kind == "sparable":
            # The second packet of the partition went bad: it stands elsewhere, and what is left in its place is noise.
            for number in range(32):
                self.blocks[600 + number] = self.blocks.get(START + 32 + number, bytes(SIZE))
                self.blocks[START + 32 + number] = b"\xee" * SIZE
            entries = struct.pack("<II", 32, 600) + struct.pack("<II", 0xFFFFFFFF, 632)
            body = regid(b"*UDF Sparing Table") + struct.pack("<HHI", 2, 0, 1) + entries
            for at in (700, 701):
                self.blocks[at] = tagged(0, at, body)

    def write_vat(self, version: int) -> None:
        entries = b"".join(struct.pack("<I", real) for real in self.table)
        if version == 0:  # UDF 2.00: a header before the table
            content = struct.pack("<HH", 152, 0) + bytes(148) + entries
            file_type = 248
        else:  # UDF 1.50: a name after it
            content = entries + regid(b"*UDF Virtual Alloc Tbl") + struct.pack("<I", 0xFFFFFFFF)
            file_type = 0
        last = max(self.blocks) + 1
        self.blocks[last] = file_entry(last - START, file_type, len(content), content, 3)


@pytest.mark.parametrize("kind", ["plain", "virtual", "sparable", "metadata"])
def test_crafted_udf_gives_every_file(kind: str, tmp_path: Path, files, contents, codes) -> None:
    target = tmp_path / "disc.img"
    target.write_bytes(Disc(kind).image(files))
    with open_medium(str(target)) as medium:
        assert contents(medium) == files
        assert (medium.kind, medium.label) == ("udf", "CRAFTED")
        assert not codes(medium)


def test_virtual_table_of_udf_150(tmp_path: Path, files, contents, codes, monkeypatch) -> None:
    write = Disc.write_vat
    monkeypatch.setattr(Disc, "write_vat", lambda disc, version: write(disc, 1))
    target = tmp_path / "disc.img"
    target.write_bytes(Disc("virtual").image(files) + bytes(150 * SIZE))  # and a run-out behind it
    with open_medium(str(target)) as medium:
        assert contents(medium) == files
        assert not codes(medium)


@pytest.mark.parametrize("lost", [START + 190, START + 200, START + 201, START + 203])
def test_metadata_is_taken_from_its_mirror(lost: int, tmp_path: Path, files, contents) -> None:
    """The metadata file's own entry, the file set, the root, a file's entry."""
    data = bytearray(Disc("metadata").image(files))
    data[lost * SIZE : (lost + 1) * SIZE] = bytes(SIZE)
    target = tmp_path / "disc.img"
    target.write_bytes(data)
    with open_medium(str(target)) as medium:
        assert contents(medium) == files


def test_sparing_table_is_taken_from_its_copy(tmp_path: Path, files, contents) -> None:
    data = bytearray(Disc("sparable").image(files))
    data[700 * SIZE : 701 * SIZE] = bytes(SIZE)
    target = tmp_path / "disc.img"
    target.write_bytes(data)
    with open_medium(str(target)) as medium:
        assert contents(medium) == files


@pytest.mark.skipif(shutil.which("7z") is None, reason="7z is not installed")
def test_7z_reads_the_same_from_what_was_crafted(tmp_path: Path, files) -> None:
    """The plain kind is all that it knows; the others differ from it in one table each, which mkudffs makes as well."""
    target = tmp_path / "disc.img"
    target.write_bytes(Disc("plain").image(files))
    subprocess.run(["7z", "x", "-bso0", "-tudf", f"-o{tmp_path / 'out'}", str(target)], check=True, capture_output=True, timeout=30)
    out = tmp_path / "out"
    assert {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()} == files


@pytest.mark.skipif(shutil.which("mkudffs") is None, reason="udftools is not installed")
@pytest.mark.parametrize(
    "media_type, revision",
    [
        ("cdr", "1.50"), ("cdr", "2.01"), ("dvdr", "2.01"), ("bdr", "2.60"), ("cdrw", "1.50"), ("cdrw", "2.01"), ("dvdrw", "2.01"),
        ("hd", "1.02"), ("worm", "2.01"), ("mo", "1.50"),
    ],
)  # fmt: skip
def test_every_kind_of_mkudffs_is_followed_to_its_root(media_type: str, revision: str, tmp_path: Path, codes) -> None:
    target = tmp_path / "disc.img"
    command = [
        "mkudffs",
        "--new-file",
        f"--media-type={media_type}",
        f"--udfrev={revision}",
        "--blocksize=2048",
        "-l",
        "MADE",
        str(target),
        "8000",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    if done.returncode:
        pytest.skip(f"this mkudffs does not make it: {done.stderr.strip()}")
    with open_medium(str(target)) as medium:
        assert (medium.kind, medium.label) == ("udf", "MADE")
        assert codes(medium) == {"no-files"}


def _folder_blocks(data: bytes) -> list[int]:
    """Blocks of the image with the file entry of a folder: descriptor 261, file type 4."""
    blocks = range(len(data) // SIZE)
    return [block for block in blocks if data[block * SIZE : block * SIZE + 2] == b"\x05\x01" and data[block * SIZE + 27] == 4]


@pytest.mark.parametrize("kind", ("plain", "virtual", "sparable", "metadata"))
def test_files_of_lost_folders_are_found_by_what_describes_them(kind: str, tmp_path: Path, files, codes) -> None:
    """Each folder lost in turn, and the file set: names above are lost, contents are not."""
    whole = Disc(kind).image(files)
    lost = [*_folder_blocks(whole), next(n for n in range(len(whole) // SIZE) if whole[n * SIZE : n * SIZE + 4] == b"\0\1\3\0")]
    assert len(lost) >= 4
    for number, block in enumerate(lost):
        data = bytearray(whole)
        copies = [at for at in range(len(whole) // SIZE) if whole[at * SIZE : (at + 1) * SIZE] == whole[block * SIZE : (block + 1) * SIZE]]
        for at in copies:
            data[at * SIZE : (at + 1) * SIZE] = bytes(SIZE)
        path = tmp_path / f"{number}.udf"
        path.write_bytes(data)
        with open_medium(str(path)) as medium:
            read = {entry.path: medium.read(entry).data for entry in medium.entries()}
            assert sorted(read.values()) == sorted(files.values()), block
            assert codes(medium) & {"directory-damaged", "udf-damaged"}


def test_a_healthy_volume_is_not_searched(tmp_path: Path, files, monkeypatch: pytest.MonkeyPatch) -> None:
    from tview.media import udf_search

    monkeypatch.setattr(udf_search, "entries_left", lambda *_: pytest.fail("searched"))
    path = tmp_path / "x.udf"
    path.write_bytes(Disc("plain").image(files))
    with open_medium(str(path)) as medium:
        assert len(medium.entries()) == len(files)


def test_an_image_inside_a_file_is_not_taken_for_the_disc(tmp_path: Path, files) -> None:
    """A lost folder, and a file that is a UDF volume itself."""
    inner = Disc("plain").image({"INNER": b"not of this disc"})
    outer = bytearray(Disc("plain").image({"A/IMAGE.UDF": inner[: 340 * SIZE], "B/IM0001": b"ours" * 900}))
    block = _folder_blocks(bytes(outer))[-1]
    outer[block * SIZE : (block + 1) * SIZE] = bytes(SIZE)
    path = tmp_path / "x.udf"
    path.write_bytes(outer)
    with open_medium(str(path)) as medium:
        read = [medium.read(entry).data for entry in medium.entries()]
    assert b"ours" * 900 in read
    assert b"not of this disc" not in read
