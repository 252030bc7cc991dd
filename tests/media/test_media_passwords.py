"""Encrypted archives, made by the programs that people make them with, and 7z."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tview.errors import MediumError
from tview.media import open_medium
from tview.media.inflate import BytesSource
from tview.media.passwords import fitting_password
from tview.media.sevenzip import read_sevenzip
from tview.media.sevenzip_blocks import PasswordWrong


def packed(target: Path, tree: Path, *options: str) -> Path:
    program = shutil.which("7z") or shutil.which("7zz")
    if program is None:
        pytest.skip("7z is not installed")
    done = subprocess.run([program, "a", "-bso0", *options, str(target), "."], cwd=tree, capture_output=True, timeout=60)
    if done.returncode:
        pytest.skip(f"this 7z does not take {options}")
    if not target.exists():  # it adds an ending to names without one
        next(target.parent.glob(target.name + ".*")).rename(target)
    return target


@pytest.fixture
def refused(tmp_path: Path):
    """The code of the finding that opening ends with."""

    def code(path: Path, password=None) -> str:
        with pytest.raises(MediumError) as caught:
            open_medium(str(path), password=password)
        return caught.value.finding.code

    return code


@pytest.mark.parametrize(
    "options",
    [
        ("-tzip", "-mem=ZipCrypto"),
        ("-tzip", "-mem=ZipCrypto", "-mx0"),
        ("-tzip", "-mem=AES128"),
        ("-tzip", "-mem=AES192"),
        ("-tzip", "-mem=AES256", "-mx0"),
        ("-t7z",),
        ("-t7z", "-mhe=on"),
        ("-t7z", "-mx0"),
        ("-t7z", "-ms=off"),
    ],
    ids=" ".join,
)
def test_encrypted_archives_of_7zip(options: tuple[str, ...], folder: Path, tmp_path: Path, files, contents, refused) -> None:
    secret = "sésame 1" if "-t7z" in options else "open sesame"  # 7z refuses to write other letters into a ZIP
    target = packed(tmp_path / "x", folder, *options, f"-p{secret}")
    assert refused(target) == "archive-password-needed"
    assert refused(target, b"wrong") == "archive-password-wrong"
    with open_medium(str(target), password=secret.encode()) as medium:
        assert contents(medium) == files
        assert not medium.findings
        entry = medium.entry("A/B/IM0003")
        assert medium.read(entry, 4090, 3000).data == files["A/B/IM0003"][4090:7090]
        assert medium.read(entry, 17, 100).data == files["A/B/IM0003"][17:117]


@pytest.mark.skipif(shutil.which("zip") is None, reason="zip is not installed")
@pytest.mark.parametrize("stream", [False, True])
def test_encrypted_archives_of_info_zip(stream: bool, folder: Path, tmp_path: Path, files, contents, refused) -> None:
    """Its check byte is one of the time where sizes come after the data, as they do in a pipe."""
    target = tmp_path / "x.zip"
    if stream:
        data = subprocess.run(["zip", "-q", "-r", "-P", "abc", "-", "."], cwd=folder, check=True, capture_output=True).stdout
        target.write_bytes(data)
    else:
        subprocess.run(["zip", "-q", "-r", "-P", "abc", str(target), "."], cwd=folder, check=True)
    assert refused(target, b"abcd") == "archive-password-wrong"
    with open_medium(str(target), password=b"abc") as medium:
        assert contents(medium) == files


@pytest.mark.parametrize("encoding", ["utf-8", "cp437", "cp1252"])
def test_letters_beyond_ascii_are_tried_as_windows_writes_them(encoding: str) -> None:
    meant = "Zürich".encode(encoding)
    assert fitting_password("x", "Zürich".encode(), lambda tried: tried == meant) == meant


def test_a_password_is_asked_for_three_times(folder: Path, tmp_path: Path, files, contents, refused) -> None:
    target = packed(tmp_path / "x.zip", folder, "-tzip", "-mem=AES256", "-pabc")
    asked: list[str] = []
    answers = iter([b"a", b"b", b"abc"])

    def ask(source: str) -> bytes | None:
        asked.append(source)
        return next(answers)

    with open_medium(str(target), password=ask) as medium:
        assert contents(medium) == files
    assert asked == [str(target)] * 3
    assert refused(target, lambda source: b"never") == "archive-password-wrong"
    assert refused(target, lambda source: None) == "archive-password-needed"


def test_open_files_of_an_archive_are_shown_without_the_password(folder: Path, tmp_path: Path, files, contents) -> None:
    target = packed(tmp_path / "x.zip", folder / "A", "-tzip", "-mem=AES256", "-pabc")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "OPEN").write_bytes(b"for all")
    packed(target, tmp_path / "more", "-tzip")
    with open_medium(str(target)) as medium:
        assert contents(medium)["OPEN"] == b"for all"
        assert {finding.path for finding in medium.findings if finding.code == "archive-encrypted"} == {"IM0001", "IM0002", "B/IM0003"}
    with open_medium(str(target), password=b"abc") as medium:
        assert contents(medium)["IM0002"] == files["A/IM0002"]


@pytest.mark.parametrize("options", [("-mem=AES256",), ("-mem=AES256", "-mx0"), ("-mem=ZipCrypto", "-mx0")], ids=" ".join)
def test_changed_bytes_are_told(options: tuple[str, ...], folder: Path, tmp_path: Path, files, codes) -> None:
    target = packed(tmp_path / "x.zip", folder, "-tzip", *options, "-pabc")
    with open_medium(str(target), password=b"abc") as medium:
        offset = medium._members["A/B/IM0003"].offset
    data = bytearray(target.read_bytes())
    data[offset + 40] ^= 1
    target.write_bytes(data)
    with open_medium(str(target), password=b"abc") as medium:
        entry = medium.entry("A/B/IM0003")
        for at in range(0, entry.size, 1000):
            medium.read(entry, at, 1000)
        assert codes(medium) & {"archive-sum-wrong", "archive-member-damaged"}
        medium.read(medium.entry("A/IM0001"))
        assert {finding.path for finding in medium.findings} == {"A/B/IM0003"}


def test_sums_of_open_archives_are_compared(folder: Path, tmp_path: Path, codes) -> None:
    target = packed(tmp_path / "x.zip", folder, "-tzip", "-mx0")
    data = target.read_bytes()
    target.write_bytes(data.replace(b"second", b"secomd", 1))
    with open_medium(str(target)) as medium:
        entry = medium.entry("A/IM0002")
        medium.read(entry, 100, 200)
        assert not codes(medium), "a part has no sum"
        medium.read(entry)
        assert codes(medium) == {"archive-sum-wrong"}


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("-mx0",),
        ("-ms=off",),
        ("-m0=lzma",),
        ("-m0=bzip2",),
        ("-m0=deflate",),
        ("-m0=bcj", "-m1=lzma"),
        ("-m0=bcj", "-m1=lzma2"),
        ("-m0=delta:2", "-m1=lzma2"),
        ("-mhc=off",),
        ("-m0=copy",),
    ],
    ids=lambda options: " ".join(options) or "plain",
)
def test_7z_gives_every_file(options: tuple[str, ...], folder: Path, tmp_path: Path, files, contents) -> None:
    (folder / "PROGRAM.EXE").write_bytes(Path("/proc/self/exe").read_bytes()[:300_000])
    target = packed(tmp_path / "x", folder, "-t7z", *options)
    with open_medium(str(target)) as medium:
        assert medium.kind == "7z"
        assert contents(medium) == files | {"PROGRAM.EXE": (folder / "PROGRAM.EXE").read_bytes()}
        assert not medium.findings
        assert medium.read(medium.entry("A/IM0002"), 600, 6).data == files["A/IM0002"][600:606]


@pytest.mark.parametrize("kind, options, method", [("7z", ("-m0=ppmd",), "PPMd"), ("zip", ("-mm=Deflate64",), "Deflate64")])
def test_methods_that_are_not_known_are_named(kind: str, options: tuple[str, ...], method: str, folder: Path, tmp_path: Path) -> None:
    (folder / "A" / "LARGE").write_bytes(bytes(range(256)) * 4000)
    target = packed(tmp_path / "x", folder, f"-t{kind}", *options)
    with open_medium(str(target)) as medium:
        told = [finding for finding in medium.findings if finding.code == "archive-method"]
        assert "A/LARGE" in {finding.path for finding in told} and {finding.values["method"] for finding in told} == {method}
        assert "archive-overlap" not in {finding.code for finding in medium.findings}
        read = medium.read(medium.entry("A/LARGE"), 10, 20)
        assert (read.data, read.unreadable) == (b"", ((10, 20),))


@pytest.mark.parametrize("options", [("-mx0",), ("-mx1",)], ids=["stored", "packed"])
def test_image_inside_a_7z_is_read_as_a_disc(options: tuple[str, ...], write_iso, tmp_path: Path, files, contents) -> None:
    tree = tmp_path / "one"
    tree.mkdir()
    write_iso(joliet=3).rename(tree / "disc.iso")
    with open_medium(str(packed(tmp_path / "x.7z", tree, *options))) as medium:
        assert medium.kind == "iso9660"
        assert contents(medium) == files


def test_image_in_an_encrypted_zip_is_read_as_a_disc(write_iso, tmp_path: Path, files, contents) -> None:
    tree = tmp_path / "one"
    tree.mkdir()
    write_iso(joliet=3).rename(tree / "disc.iso")
    for number, options in enumerate([("-mem=AES256",), ("-mem=AES256", "-mx0"), ("-mem=ZipCrypto",)]):
        with open_medium(str(packed(tmp_path / f"x{number}.zip", tree, "-tzip", "-pabc", *options)), password=b"abc") as medium:
            assert medium.kind == "iso9660"
            assert contents(medium) == files


@pytest.mark.parametrize("kind", ["zip", "7z", "tar"])
def test_split_archives_are_joined(kind: str, folder: Path, tmp_path: Path, files, contents, codes) -> None:
    whole = packed(tmp_path / "whole", folder, f"-t{kind}", *(("-mx0",) if kind == "zip" else ())).read_bytes()
    third = len(whole) // 3
    for mark, piece in zip(("001", "002", "003"), (whole[:third], whole[third : 2 * third], whole[2 * third :]), strict=True):
        (tmp_path / f"x.{kind}.{mark}").write_bytes(piece)
    with open_medium(str(tmp_path / f"x.{kind}.001")) as medium:
        assert contents(medium) == files
        assert codes(medium) == {"parts-joined"}


def test_archives_in_a_row_are_not_parts_of_one(folder: Path, tmp_path: Path, files, contents, codes) -> None:
    whole = packed(tmp_path / "whole", folder, "-tzip").read_bytes()
    (tmp_path / "exam_1.zip").write_bytes(whole)
    (tmp_path / "exam_2.zip").write_bytes(whole)
    with open_medium(str(tmp_path / "exam_1.zip")) as medium:
        assert contents(medium) == files
        assert not codes(medium)


def test_a_program_that_unpacks_itself_is_an_archive(folder: Path, tmp_path: Path, files, contents) -> None:
    target = tmp_path / "exam.exe"
    target.write_bytes(b"MZ" + bytes(9000) + packed(tmp_path / "x", folder, "-tzip").read_bytes())
    with open_medium(str(target)) as medium:
        assert contents(medium) == files


@pytest.mark.parametrize("cut", [1, 40, 300])
def test_7z_that_broke_off_says_so(cut: int, folder: Path, tmp_path: Path, refused) -> None:
    target = packed(tmp_path / "x.7z", folder)
    target.write_bytes(target.read_bytes()[:-cut])
    assert refused(target) == "archive-unreadable"


def test_damaged_block_of_a_7z_is_told(folder: Path, tmp_path: Path, files, codes) -> None:
    target = packed(tmp_path / "x.7z", folder, "-ms=off")
    with open_medium(str(target)) as medium:
        block = medium._members["A/B/IM0003"].block
        place = medium._opener.__closure__
        offset = next(cell.cell_contents for cell in place if hasattr(cell.cell_contents, "blocks")).blocks[block].offset
    data = bytearray(target.read_bytes())
    data[offset + 5 : offset + 9] = b"\xff\xff\xff\xff"
    target.write_bytes(data)
    with open_medium(str(target)) as medium:
        got = {entry.path: medium.read(entry).data for entry in medium.entries()}
        assert got["A/IM0001"] == files["A/IM0001"]
        assert codes(medium) & {"archive-member-damaged", "archive-sum-wrong"}
        assert {finding.path for finding in medium.findings} == {"A/B/IM0003"}


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    tree = tmp_path_factory.mktemp("tree")
    for number in range(5):
        (tree / f"F{number}").write_bytes(b"%d" % number * 500)
    return packed(tmp_path_factory.mktemp("out") / "x.7z", tree, "-mhc=off", "-ms=off").read_bytes()


@settings(max_examples=400, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6), cut=st.integers(0, 3))
def test_any_7z_header_ends(changes: list[tuple[int, int]], cut: int, honest: bytes) -> None:
    """The sums are made right again, so that damage reaches deeper than the first check."""
    from zlib import crc32

    data = bytearray(honest)
    begin = 32 + int.from_bytes(data[12:20], "little")
    for at, value in changes:
        data[begin + at % (len(data) - begin)] = value
    if cut:
        del data[-cut:]
        data[20:28] = (len(data) - begin).to_bytes(8, "little")
    data[28:32] = crc32(data[begin:]).to_bytes(4, "little")
    data[8:12] = crc32(data[12:32]).to_bytes(4, "little")
    try:
        listing = read_sevenzip(BytesSource("x", bytes(data)), None)
    except (MediumError, PasswordWrong):
        return
    from tview.media.sevenzip import opener_of

    opener = opener_of(BytesSource("x", bytes(data)), listing, None)
    for member in listing.members:
        opened = None if member.trouble else opener(member)
        if opened is not None:
            assert len(opened.read_at(0, 1 << 16).data) <= 1 << 16
