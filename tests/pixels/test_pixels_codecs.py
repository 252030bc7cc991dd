"""Every compressed syntax: encoded by imagecodecs or by hand, decoded here, with another decoder's word beside it where there is one."""

import shutil
import struct
import subprocess
import zlib

import imagecodecs
import numpy as np
import pytest

from tview.errors import PixelError
from tview.pixels.streams import look_at
from tview.pixels.syntaxes import SYNTAXES, syntax_of

P = "1.2.840.10008.1.2"
RNG = np.random.default_rng(5)
SMOOTH = (np.add.outer(np.arange(40), np.arange(56)) * 20 + RNG.integers(0, 9, (40, 56))).astype(np.uint16)
COLOUR = np.stack([(SMOOTH >> 4).astype(np.uint8), (SMOOTH >> 5).astype(np.uint8), (255 - (SMOOTH >> 4)).astype(np.uint8)], axis=-1)


def rle(array):
    """An RLE frame by PS3.5 annex G, every byte a literal run."""
    planes = array.reshape(array.shape[0] * array.shape[1], -1).astype(array.dtype.newbyteorder(">"))
    segments = []
    for plane in planes.view(np.uint8).reshape(planes.shape[0], -1).T:
        raw = plane.tobytes()
        segment = b"".join(bytes((len(raw[at : at + 128]) - 1,)) + raw[at : at + 128] for at in range(0, len(raw), 128))
        segments.append(segment + b"\x80" * (len(segment) % 2))
    offsets = [64 + sum(map(len, segments[:i])) for i in range(len(segments))]
    return struct.pack("<16L", len(segments), *(offsets + [0] * (15 - len(offsets)))) + b"".join(segments)


LOSSLESS = {
    f"{P}.5": rle,
    f"{P}.4.57": lambda a: imagecodecs.jpeg8_encode(a, lossless=True, predictor=4, bitspersample=8 if a.dtype == np.uint8 else 16),
    f"{P}.4.70": lambda a: imagecodecs.jpeg8_encode(a, lossless=True, predictor=1, bitspersample=8 if a.dtype == np.uint8 else 16),
    f"{P}.4.80": imagecodecs.jpegls_encode,
    f"{P}.4.90": lambda a: imagecodecs.jpeg2k_encode(a, level=0, codecformat="j2k", reversible=True),
    f"{P}.4.92": lambda a: imagecodecs.jpeg2k_encode(a, level=0, codecformat="j2k", reversible=True),
    f"{P}.4.201": lambda a: imagecodecs.htj2k_encode(a, reversible=True),
    f"{P}.4.202": lambda a: imagecodecs.htj2k_encode(a, reversible=True),
    f"{P}.4.110": lambda a: imagecodecs.jpegxl_encode(a, lossless=True),
}
LOSSY = {
    f"{P}.4.50": lambda a: imagecodecs.jpeg8_encode((a >> 4).astype(np.uint8), level=98),
    f"{P}.4.51": lambda a: imagecodecs.jpeg8_encode(a, level=98, bitspersample=12),
    f"{P}.4.81": lambda a: imagecodecs.jpegls_encode(a, level=2),
    f"{P}.4.91": lambda a: imagecodecs.jpeg2k_encode(a, level=95, codecformat="j2k", reversible=False),
    f"{P}.4.203": lambda a: imagecodecs.htj2k_encode(a, level=0.00005, reversible=False),
}


def progressive(array):
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(array).save(out, "JPEG", quality=98, progressive=True)
    return out.getvalue()


def facts(array, **more):
    return {"rows": array.shape[0], "columns": array.shape[1], "bits": 8 * array.dtype.itemsize, "stored": more.pop("stored", None), **more}


@pytest.mark.parametrize("uid", LOSSLESS)
def test_grey_without_loss(make, uid):
    frame = make.image([LOSSLESS[uid](SMOOTH)], syntax=uid, **facts(SMOOTH)).read_frame(0)
    assert frame.stored.dtype == np.uint16 and (frame.stored == SMOOTH).all() and not frame.findings


@pytest.mark.parametrize("uid", [uid for uid in LOSSLESS if uid != f"{P}.4.57"])
def test_colour_without_loss(make, uid):
    image = make.image([LOSSLESS[uid](COLOUR)], syntax=uid, **facts(COLOUR, samples=3, photometric="RGB"))
    assert (image.read_frame(0).stored == COLOUR).all()
    assert (image.read_frame(0).rgb() == COLOUR).all()


@pytest.mark.parametrize("uid", LOSSY)
def test_with_loss_stays_near_and_is_marked(make, uid):
    expected = SMOOTH >> 4 if uid == f"{P}.4.50" else SMOOTH
    bits = {"bits": 8} if uid == f"{P}.4.50" else {"bits": 16, "stored": 12}
    image = make.image([LOSSY[uid](SMOOTH)], syntax=uid, rows=40, columns=56, **bits)
    stored = image.read_frame(0).stored
    assert np.abs(stored.astype(int) - expected).max() <= 8
    assert image.lossy is not None and image.lossy.shown.startswith("≈")


@pytest.mark.parametrize("uid", [f"{P}.5", f"{P}.4.90", f"{P}.4.91", f"{P}.4.201"])
def test_pydicom_says_the_same(make, uid):
    """The second decoder, asked on its own."""
    from dataclasses import replace

    from tview.pixels.image import Image
    from tview.pixels.stream_choice import choose_codec, make_job

    stream = (LOSSLESS | LOSSY)[uid](SMOOTH)
    image: Image = make.image([stream], syntax=uid, **facts(SMOOTH))
    job, _, _ = make_job(choose_codec(image.syntax, stream, image.layout, 0), image.syntax, image.layout, stream)
    second = image._decoder.decode(replace(job, decoders=("pydicom",)), stream)
    assert second.decoder == "pydicom"
    assert np.abs(second.pixels.astype(int) - image.read_frame(0).stored).max() <= 1


@pytest.mark.skipif(not shutil.which("dcmdjpeg"), reason="dcmtk is not installed")
@pytest.mark.parametrize("uid", [f"{P}.4.50", f"{P}.4.51", f"{P}.4.57", f"{P}.4.70", f"{P}.4.80", f"{P}.4.81"])
def test_dcmtk_says_the_same(make, tmp_path, uid):
    stream = (LOSSLESS | LOSSY)[uid](SMOOTH)
    bits = {"bits": 8} if uid == f"{P}.4.50" else {"bits": 16, "stored": 12 if uid == f"{P}.4.51" else 16}
    whole = make.build([stream], syntax=uid, rows=40, columns=56, extra={0x00080018: ("UI", "1.2.3"), 0x00280301: ("CS", "NO")}, **bits)
    (tmp_path / "in.dcm").write_bytes(whole)
    tool = "dcmdjpls" if uid in (f"{P}.4.80", f"{P}.4.81") else "dcmdjpeg"
    subprocess.run([tool, str(tmp_path / "in.dcm"), str(tmp_path / "out.dcm")], check=True, capture_output=True)
    theirs = make.opened((tmp_path / "out.dcm").read_bytes()).read_frame(0).stored
    ours = make.opened(whole).read_frame(0).stored
    assert np.abs(theirs.astype(int) - ours).max() <= (1 if uid in (f"{P}.4.50", f"{P}.4.51") else 0)


def test_deflated_frames(make):
    for bits in (-15, 15):
        packer = zlib.compressobj(9, zlib.DEFLATED, bits)
        data = packer.compress(SMOOTH.astype("<u2").tobytes()) + packer.flush()
        frame = make.image([data], syntax=f"{P}.8.1", **facts(SMOOTH)).read_frame(0)
        assert (frame.stored == SMOOTH).all()


def test_signed_values_through_a_lossless_codec(make):
    signed = SMOOTH.astype(np.int16) - 1000
    stream = imagecodecs.jpegls_encode(signed.view(np.uint16))
    assert (make.image([stream], syntax=f"{P}.4.80", **facts(signed, signed=1)).read_frame(0).stored == signed).all()
    twelve = (signed & 0xFFF).view(np.uint16)
    stream = imagecodecs.jpeg8_encode(twelve, lossless=True, predictor=1, bitspersample=12)
    frame = make.image([stream], syntax=f"{P}.4.70", **facts(signed, signed=1, stored=12)).read_frame(0)
    assert (frame.stored == signed).all()
    stream = imagecodecs.jpeg2k_encode(signed, level=0, codecformat="j2k", reversible=True)
    assert look_at(stream).signed
    assert (make.image([stream], syntax=f"{P}.4.90", **facts(signed, signed=1)).read_frame(0).stored == signed).all()


def test_extended_jpeg_whose_scan_says_se_0(make):
    """T.81 wants 63 in a sequential scan; files of WG-04 have 0, and one of the common decoders refuses them."""
    stream = LOSSY[f"{P}.4.51"](SMOOTH)
    at = stream.index(b"\xff\xda") + 7
    assert stream[at : at + 2] == b"\x00\x3f"
    odd = stream[: at + 1] + b"\0" + stream[at + 2 :]
    read = [make.image([s], syntax=f"{P}.4.51", **facts(SMOOTH, stored=12)).read_frame(0).stored for s in (stream, odd)]
    assert (read[0] == read[1]).all()


def test_rle_of_one_bit(make):
    bits = RNG.integers(0, 2, (8, 24), dtype=np.uint8)
    packed = np.packbits(bits, bitorder="little")
    frame = make.image([rle(packed.reshape(1, -1))], syntax=f"{P}.5", rows=8, columns=24, bits=1).read_frame(0)
    assert (frame.stored == bits).all()


def test_rle_that_ends_early_gives_the_rows_it_has(make):
    stream = rle((SMOOTH >> 4).astype(np.uint8))
    frame = make.image([stream[: 64 + 56 * 20 + 30]], syntax=f"{P}.5", rows=40, columns=56, bits=8).read_frame(0)
    assert frame.rows_present == 20 and (frame.stored[:20] == (SMOOTH >> 4)[:20]).all()


def test_jpeg_that_ends_early_gives_the_rows_it_has(make):
    noise = RNG.integers(0, 256, (64, 64), dtype=np.uint8)
    stream = imagecodecs.jpeg8_encode(noise, level=95)
    frame = make.image([stream[: len(stream) // 2]], syntax=f"{P}.4.50", rows=64, columns=64, bits=8).read_frame(0)
    assert 16 <= frame.rows_present <= 40
    assert {"stream-cut", "pixels-cut"} <= {finding.code for finding in frame.findings}


def test_jpeg_ls_that_ends_early_gives_the_rows_it_has(make):
    """CharLS 2.4.3 waits for ever on most such streams as they are."""
    stream = LOSSLESS[f"{P}.4.80"](SMOOTH)
    for length in range(len(stream) // 4, len(stream) - 4, 37):
        frame = make.image([stream[:length]], syntax=f"{P}.4.80", **facts(SMOOTH)).read_frame(0)
        rows = frame.rows_present
        assert 1 <= rows <= 40 and (frame.stored[:rows] == SMOOTH[:rows]).all()
        assert not frame.stored[rows:].any() and "stream-cut" in [finding.code for finding in frame.findings]


def test_htj2k_that_ends_early_is_coarser_and_says_so(make):
    stream = LOSSLESS[f"{P}.4.201"](SMOOTH)
    frame = make.image([stream[: len(stream) * 2 // 3]], syntax=f"{P}.4.201", **facts(SMOOTH)).read_frame(0)
    assert "stream-cut" in [finding.code for finding in frame.findings]
    assert np.abs(frame.stored.astype(int) - SMOOTH).mean() < 40


def test_an_error_that_the_codec_loses_is_an_error(make):
    """imagecodecs 2026.3 prints OpenJPH's errors and gives what is in the buffer; a wrong picture without a word would be the worst."""
    stream = LOSSLESS[f"{P}.4.201"](SMOOTH)
    tile = stream.rfind(b"\xff\x90\x00\x0a")
    cut = stream[: len(stream) // 2]
    wrong = cut[: tile + 6] + (len(cut) - tile + 40).to_bytes(4, "big") + cut[tile + 10 :] + b"\xff\xd9"
    try:
        frame = make.image([wrong], syntax=f"{P}.4.201", **facts(SMOOTH)).read_frame(0)
    except PixelError as error:
        assert error.finding.code == "frame-undecodable"
    else:
        assert np.abs(frame.stored.astype(int) - SMOOTH).mean() < 40


@pytest.mark.parametrize(
    ("declared", "stream", "found"),
    [
        (f"{P}.4.70", LOSSY[f"{P}.4.50"](SMOOTH), "JPEG with loss"),
        (f"{P}.4.90", LOSSY[f"{P}.4.50"](SMOOTH), "JPEG"),
        (f"{P}.5", LOSSY[f"{P}.4.50"](SMOOTH), "JPEG"),
        (f"{P}.1", LOSSY[f"{P}.4.50"](SMOOTH), "JPEG"),
        ("1.2.3.4", LOSSY[f"{P}.4.50"](SMOOTH), "JPEG"),
        (f"{P}.4.50", (SMOOTH >> 4).astype(np.uint8).tobytes(), "uncompressed"),
    ],
    ids=["SV1", "J2K", "RLE", "native", "unknown", "JPEG"],
)
def test_a_syntax_that_lies_is_read_as_what_it_is(make, declared, stream, found):
    image = make.image([stream], syntax=declared, rows=40, columns=56, bits=8)
    assert np.abs(image.read_frame(0).stored.astype(int) - (SMOOTH >> 4)).max() <= 4
    assert found in [finding.values["found"] for finding in image.findings if finding.code == "syntax-assumed"]
    assert (image.lossy is not None) == (found != "uncompressed")


def test_native_pixels_under_a_compressed_syntax(make):
    image = make.image(SMOOTH.tobytes(), syntax=f"{P}.4.80", **facts(SMOOTH))
    assert (image.read_frame(0).stored == SMOOTH).all()
    assert [finding.code for finding in image.findings] == ["syntax-assumed"]


YCBCR = np.zeros((16, 16, 3), np.uint8) + np.array([120, 90, 200], np.uint8)  # a red that is blue-green when taken for RGB
RED = [round(120 + 1.402 * 72), round(120 - 0.344136 * -38 - 0.714136 * 72), round(120 + 1.772 * -38)]


def jpeg_of(colours, *, jfif=False, adobe=None, ids=b"\1\2\3"):
    """A JPEG whose components are `colours` as they stand, with these markers."""
    stream = bytearray(imagecodecs.jpeg8_encode(colours, level=100, colorspace="RGB", outcolorspace="RGB", subsampling="444"))
    out = bytearray(b"\xff\xd8")
    if jfif:
        out += b"\xff\xe0" + struct.pack(">H5sBBBHHBB", 16, b"JFIF\0", 1, 1, 0, 1, 1, 0, 0)
    if adobe is not None:
        out += b"\xff\xee" + struct.pack(">H5sHHHB", 14, b"Adobe", 100, 0, 0, adobe)
    at = 2
    while stream[at + 1] in (0xE0, 0xEE):
        at += 2 + int.from_bytes(stream[at + 2 : at + 4], "big")
    rest = bytearray(stream[at:])
    frame, scan = rest.index(b"\xff\xc0"), rest.index(b"\xff\xda")
    for i in range(3):
        rest[frame + 10 + 3 * i] = rest[scan + 5 + 2 * i] = ids[i]
    return bytes(out + rest)


@pytest.mark.parametrize(
    ("declared", "markers", "converted", "told"),
    [
        ("YBR_FULL_422", {"jfif": True}, True, False),
        ("YBR_FULL", {}, True, False),
        ("RGB", {"jfif": True}, True, True),
        ("RGB", {"adobe": 1}, True, True),
        ("RGB", {"adobe": 0}, False, False),
        ("RGB", {}, False, False),
        ("RGB", {"ids": b"RGB"}, False, False),
        ("YBR_FULL", {"ids": b"RGB"}, False, True),
    ],
)
def test_jpeg_colours_are_what_their_markers_say(make, declared, markers, converted, told):
    image = make.image([jpeg_of(YCBCR, **markers)], syntax=f"{P}.4.50", bits=8, samples=3, photometric=declared)
    expected = RED if converted else [120, 90, 200]
    assert np.abs(image.read_frame(0).rgb().astype(int) - expected).max() <= 2
    assert ("colour-assumed" in [finding.code for finding in image.findings]) == told


@pytest.mark.parametrize(
    ("declared", "transform", "converted", "told"),
    [
        ("YBR_RCT", True, False, False),
        ("RGB", True, False, False),
        ("RGB", False, False, False),
        ("YBR_RCT", False, False, True),
        ("YBR_FULL", True, False, True),
        ("YBR_FULL", False, True, False),
    ],
)
def test_jpeg_2000_colours_are_those_of_its_transform(make, declared, transform, converted, told):
    """The stream undoes its own transform; what is left is RGB unless the file says YBR_FULL and there was none."""
    stream = imagecodecs.jpeg2k_encode(YCBCR, level=0, codecformat="j2k", reversible=True, mct=transform)
    assert look_at(stream).multi_component_transform == transform
    image = make.image([stream], syntax=f"{P}.4.90", bits=8, samples=3, photometric=declared)
    expected = RED if converted else [120, 90, 200]
    assert np.abs(image.read_frame(0).rgb().astype(int) - expected).max() <= 1
    assert ("colour-assumed" in [finding.code for finding in image.findings]) == told


@pytest.mark.parametrize("syntax", ["4.50", "4.90"])
@pytest.mark.parametrize("colour", [True, False])
def test_a_wrong_number_of_samples_is_that_of_the_stream(make, syntax, colour):
    picture = YCBCR if colour else np.full((16, 16), 90, np.uint8)
    encode = {"4.50": lambda a: jpeg_of(a, jfif=True) if colour else imagecodecs.jpeg8_encode(a, level=98),
              "4.90": lambda a: imagecodecs.jpeg2k_encode(a, level=0, codecformat="j2k", reversible=True, mct=False)}[syntax]  # fmt: skip
    facts = {"samples": 1, "photometric": "MONOCHROME2"} if colour else {"samples": 3, "photometric": "RGB"}
    image = make.image([encode(picture)], syntax=f"{P}.{syntax}", bits=8, **facts)
    frame = image.read_frame(0)
    assert image.is_colour == colour and "attribute-assumed" in [finding.code for finding in image.findings]
    if colour:
        assert np.abs(frame.rgb().astype(int) - (RED if syntax == "4.50" else [120, 90, 200])).max() <= 2
    else:
        assert np.abs(frame.stored.astype(int) - 90).max() <= 1


def test_rle_colour_is_converted_for_the_screen_only(make):
    image = make.image([rle(YCBCR)], syntax=f"{P}.5", bits=8, samples=3, photometric="YBR_FULL")
    assert (image.read_frame(0).stored == YCBCR).all()
    assert np.abs(image.read_frame(0).rgb().astype(int) - RED).max() <= 1


def test_a_tile_smaller_than_the_others_is_drawn_in_the_corner(make):
    tiles = [np.full((40, 56), 90, np.uint8), np.full((40, 20), 200, np.uint8)]
    streams = [imagecodecs.jpeg8_encode(tile, level=95) for tile in tiles]
    image = make.image(streams, syntax=f"{P}.4.50", rows=40, columns=56, bits=8, frames=2)
    stored = image.read_frame(1).stored
    assert (stored[:, :20] == 200).all() and not stored[:, 20:].any()
    assert "frame-smaller" in [finding.code for finding in image.read_frame(1).findings]


@pytest.mark.parametrize(
    "stream",
    [
        imagecodecs.jpegls_encode(SMOOTH[:, :48].copy()),
        imagecodecs.jpeg2k_encode(SMOOTH[:30].copy(), level=0, codecformat="j2k", reversible=True),
        imagecodecs.jpeg8_encode(COLOUR, level=90),
    ],
    ids=["columns", "rows", "samples"],
)
def test_a_stream_that_contradicts_the_header_is_not_decoded(make, stream):
    with pytest.raises(PixelError) as caught:
        make.image([stream], syntax=f"{P}.4.80", **facts(SMOOTH)).read_frame(0)
    assert caught.value.finding.code == "stream-header-mismatch"


def test_more_picture_than_bytes_can_hold_is_refused_before_decoding(make):
    stream = imagecodecs.jpegls_encode(np.zeros((16, 16), np.uint16))
    at = stream.index(b"\xff\xf7") + 5
    lying = stream[:at] + struct.pack(">HH", 8000, 8000) + stream[at + 4 :]
    with pytest.raises(PixelError) as caught:
        make.image([lying], syntax=f"{P}.4.80", rows=8000, columns=8000).read_frame(0)
    assert caught.value.finding.code == "frame-size-implausible"


def test_every_syntax_that_has_a_decoder_is_tested_here():
    tested = {*LOSSLESS, *LOSSY, f"{P}.8.1", f"{P}.4.53", f"{P}.4.55", f"{P}.4.93", f"{P}.4.111", f"{P}.4.112", *ARITHMETIC}
    assert {syntax.uid for syntax in SYNTAXES if syntax.decoders and syntax.codec not in ("native", "video")} == tested


ARI_SEQ = (
    "ffd8ffe000104a46494600010100000100010000ffdb0043000201010101010201010102020202020403020202020504040304060506060605060606"
    "070908060709070606080b08090a0a0a0a0a06080b0c0b0a0c090a0a0affc9000b080008001001011100ffcc000600101005ffda0008010100003f00"
    "ff00ecc0bf1eced605ad0193ea71a126801aa68738ffd9"
)
ARI_PROG = (
    "ffd8ffe000104a46494600010100000100010000ffdb0043000201010101010201010102020202020403020202020504040304060506060605060606"
    "070908060709070606080b08090a0a0a0a0a06080b0c0b0a0c090a0a0affca000b080008001001011100ffcc00040010ffda0008010100000001ff00"
    "d97faeffcc00041005ffda000801010001050216705385869380ffcc00041005ffda0008010100063f021da2af80ffcc00041005ffda000801010001"
    "3f21d34ba6db80ffda000801010000001080ffcc00041005ffda0008010100013f104c7e79ffd9"
)
ARITHMETIC = {  # jpegtran of libjpeg-turbo 2.1 -arithmetic (and -progressive) of an 8 x 16 ramp, quality 95
    f"{P}.4.52": ARI_SEQ,
    f"{P}.4.54": ARI_PROG,
    f"{P}.4.56": ARI_PROG,
}


@pytest.mark.parametrize("uid", ARITHMETIC)
def test_arithmetic_coding(make, uid):
    image = make.image([bytes.fromhex(ARITHMETIC[uid])], syntax=uid, rows=8, columns=16, bits=8)
    ramp = np.add.outer(np.arange(8), np.arange(16)) * 8
    assert np.abs(image.read_frame(0).stored.astype(int) - ramp).max() <= 2
    assert image.lossy is not None


@pytest.mark.parametrize("uid", [f"{P}.4.55", f"{P}.4.93", f"{P}.4.111", f"{P}.4.112"])
def test_the_relatives_of_the_syntaxes_above(make, uid):
    eight = (SMOOTH >> 4).astype(np.uint8)
    stream = {
        f"{P}.4.55": lambda: progressive(eight),
        f"{P}.4.93": lambda: imagecodecs.jpeg2k_encode(eight, level=80, codecformat="j2k", reversible=False),
        f"{P}.4.111": lambda: imagecodecs.jpegxl_encode_jpeg(imagecodecs.jpeg8_encode(eight, level=98)),
        f"{P}.4.112": lambda: imagecodecs.jpegxl_encode(eight, level=95),
    }[uid]()
    image = make.image([stream], syntax=uid, rows=40, columns=56, bits=8)
    assert np.abs(image.read_frame(0).stored.astype(int) - eight).max() <= 6
    assert image.lossy is not None


@pytest.mark.parametrize("per_stream", [1, 3, 6])
def test_frames_that_are_components_of_one_stream(make, per_stream):
    """Part 2 of JPEG 2000 lets the slices of a volume be the components of a code stream."""
    volume = np.stack([SMOOTH + 100 * number for number in range(6)]).astype(np.uint16)
    groups = [volume[at : at + per_stream] for at in range(0, 6, per_stream)]
    groups = [group[0] if per_stream == 1 else np.moveaxis(group, 0, -1).copy() for group in groups]
    streams = [imagecodecs.jpeg2k_encode(g, level=0, codecformat="j2k", reversible=True, mct=False) for g in groups]
    image = make.image(streams, syntax=f"{P}.4.92", rows=40, columns=56, frames=6)
    assert image.number_of_frames == 6 and not image.findings
    for index in (0, 5, 2, 3):
        assert (image.read_frame(index).stored == volume[index]).all()


def test_what_nothing_decodes_is_named_and_refused(make):
    for syntax in (row for row in SYNTAXES if not row.decoders):
        with pytest.raises(PixelError) as caught:
            make.image([b"\0\0\1\xb3"], syntax=syntax.uid, bits=8)
        assert caught.value.finding.values["name"] == syntax.name


def test_the_table_knows_every_transfer_syntax_pydicom_names():
    from pydicom._uid_dict import UID_dictionary

    retired_or_none = ("Retired", "MIME", "XML", "Papyrus")
    for uid, (name, kind, info, retired, *_) in UID_dictionary.items():
        if kind == "Transfer Syntax" and not any(word in name + info + retired for word in retired_or_none):
            syntax = syntax_of(uid)
            assert syntax is not None or "Image File" in name or "ST 2110-30" in name, (uid, name)
