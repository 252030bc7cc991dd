"""The files that are measured on. All of it is computed: pictures are the chest CT of `fixtures/demo.iso`, files come from `objects`.

Each piece is made when it is first asked for, in a folder that goes away at the end of the run.
"""

import io
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.directory import dicomdir
from benchmarks.objects import Slice, Writer, common

Stored = NDArray[np.uint16]

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "demo.iso"
_PIXEL_MM = 0.78125
_CT_FOLDER = "/DICOM/ST000001/SE000002"

SYNTAXES: dict[str, tuple[str, str]] = {
    "native": ("1.2.840.10008.1.2.1", "uncompressed"),
    "sv1": ("1.2.840.10008.1.2.4.70", "JPEG lossless SV1"),
    "jpegls": ("1.2.840.10008.1.2.4.80", "JPEG-LS lossless"),
    "j2k": ("1.2.840.10008.1.2.4.90", "JPEG 2000 lossless"),
    "rle": ("1.2.840.10008.1.2.5", "RLE"),
}


class Material:
    """Paths of what was made; `tell` hears what is being made."""

    def __init__(self, folder: Path, quick: bool, tell: Callable[[str], None]) -> None:
        self.folder, self.quick, self._tell = folder, quick, tell
        self.many = 300 if quick else 5000

    @cached_property
    def slices(self) -> list[Stored]:
        """Axial slices, (512, 512), 12 bits: the demo disc's, or a few of them."""
        import imagecodecs
        import pycdlib
        import pydicom
        from pydicom.encaps import generate_frames

        self._tell("reading the demo disc's CT")
        disc = pycdlib.PyCdlib()
        disc.open(str(DEMO))
        names = sorted(child.file_identifier() for child in disc.list_children(iso_path=_CT_FOLDER) if child.is_file())
        stored = []
        for name in names[:: 8 if self.quick else 1]:
            data = io.BytesIO()
            disc.get_file_from_iso_fp(data, iso_path=f"{_CT_FOLDER}/{name.decode()}")
            data.seek(0)
            stream = next(generate_frames(pydicom.dcmread(data).PixelData, number_of_frames=1))
            stored.append(np.asarray(imagecodecs.jpegls_decode(stream), np.uint16))
        disc.close()
        return stored

    def slice(self, index: int) -> Stored:
        """One of the slices, over and over."""
        return self.slices[index % len(self.slices)]

    @cached_property
    def large(self) -> Stored:
        """A picture of a radiograph's size, (3000, 2400), 12 bits: a slice enlarged, with grain of its own."""
        source = self.slice(len(self.slices) // 2).astype(np.float32)
        rows, columns = np.linspace(0, 510.999, 3000), np.linspace(0, 510.999, 2400)
        top, left = rows.astype(int), columns.astype(int)
        down, along = (rows - top)[:, None], (columns - left)[None]
        upper = source[np.ix_(top, left)] * (1 - along) + source[np.ix_(top, left + 1)] * along
        lower = source[np.ix_(top + 1, left)] * (1 - along) + source[np.ix_(top + 1, left + 1)] * along
        grain = np.random.default_rng(1).normal(0, 6, (3000, 2400))
        return np.asarray(np.clip(np.rint(upper * (1 - down) + lower * down + grain), 0, 4095), np.uint16)

    def encoded(self, syntax: str, stored: Stored) -> bytes:
        """The code stream of one frame."""
        import imagecodecs

        if syntax == "native":
            return stored.tobytes()
        if syntax == "sv1":
            return bytes(imagecodecs.jpeg8_encode(stored, lossless=True, predictor=1, bitspersample=16))
        if syntax == "jpegls":
            return bytes(imagecodecs.jpegls_encode(stored))
        if syntax == "j2k":
            return bytes(imagecodecs.jpeg2k_encode(stored, level=0, codecformat="j2k", reversible=True, bitspersample=16))
        from pydicom.pixels.encoders.base import get_encoder
        from pydicom.uid import RLELossless

        return get_encoder(RLELossless).encode(
            stored.tobytes(), rows=stored.shape[0], columns=stored.shape[1], samples_per_pixel=1, bits_allocated=16, bits_stored=12,
            pixel_representation=0, photometric_interpretation="MONOCHROME2", number_of_frames=1, encoding_plugin="pydicom",
        )  # fmt: skip

    def file_of(self, stored: Stored) -> bytes:
        """An uncompressed CT file of one picture."""
        return Writer(common(stored.shape[0], stored.shape[1], _PIXEL_MM)).file(Slice(1, 1, 0.0), stored.tobytes())

    def series(self, syntax: str) -> Path:
        """A folder of one CT series in this syntax: 200 slices of 512 x 512."""
        folder = self.folder / f"series-{syntax}"
        if not folder.exists():
            count = 16 if self.quick else 200
            self._tell(f"making {count} slices in {SYNTAXES[syntax][1]}")
            folder.mkdir()
            writer = Writer(common(512, 512, _PIXEL_MM), SYNTAXES[syntax][0])
            streams = [self.encoded(syntax, stored) for stored in self.slices[:count]]
            for number in range(1, count + 1):
                place = Slice(1, number, 300.0 - number)
                data = writer.file(place, streams[number % len(streams)], encapsulated=syntax != "native")
                (folder / f"IM{number:06d}").write_bytes(data)
        return folder

    def one(self, syntax: str = "native") -> Path:
        """One file of the series."""
        return sorted(self.series(syntax).iterdir())[8]

    def scanned(self, folder: Path) -> list[Path]:
        """2,000 CT files of 512 x 512 in four series, without a DICOMDIR, made under this folder."""
        root = folder / "scanned"
        if not root.exists():
            count = 160 if self.quick else 2000
            self._tell(f"making {count} files")
            writer = Writer(common(512, 512, _PIXEL_MM))
            pixels = [stored.tobytes() for stored in self.slices[:32]]
            for number in range(count):
                place = Slice(number * 4 // count + 1, number % (count // 4) + 1, 300.0 - number % (count // 4) * 0.7)
                home = root / f"SE{place.series:06d}"
                home.mkdir(parents=True, exist_ok=True)
                (home / f"IM{place.instance:06d}").write_bytes(writer.file(place, pixels[number % len(pixels)]))
        return sorted(path for path in root.rglob("*") if path.is_file())

    def _disc_slices(self, one_series: bool = False) -> Iterator[tuple[str, Slice]]:
        of_series = self.many if one_series else self.many // 10
        for number in range(self.many):
            place = Slice(number // of_series + 1, number % of_series + 1, 300.0 - number % of_series * 0.7)
            yield f"DICOM/SE{place.series:06d}/IM{place.instance:06d}", place

    @cached_property
    def directory(self) -> Path:
        """A DICOMDIR of 5,000 images, which are not there."""
        path = self.folder / "DICOMDIR"
        path.write_bytes(dicomdir(self._disc_slices(), 256, 256, 2 * _PIXEL_MM, "BENCH"))
        return path

    @cached_property
    def large_directory(self) -> Path:
        """A DICOMDIR of 20,000 images in forty series, which are not there."""
        path = self.folder / "DICOMDIR.large"
        slices = (Slice(number // 500 + 1, number % 500 + 1, 300.0 - number % 500 * 0.7) for number in range(20_000))
        named = ((f"DICOM/SE{place.series:06d}/IM{place.instance:06d}", place) for place in slices)
        path.write_bytes(dicomdir(named, 256, 256, 2 * _PIXEL_MM, "BENCH"))
        return path

    @cached_property
    def disc(self) -> Path:
        """An ISO image (Joliet) of 5,000 CT slices of 256 x 256 in ten series, with its DICOMDIR."""
        return self._make_disc("disc.iso", one_series=False)

    @cached_property
    def one_series_disc(self) -> Path:
        """The same in one series, without a DICOMDIR."""
        return self._make_disc("series.iso", one_series=True)

    def _make_disc(self, name: str, one_series: bool) -> Path:
        self._tell(f"making a disc image of {self.many:,} slices")
        writer = Writer(common(256, 256, 2 * _PIXEL_MM))
        small = [np.ascontiguousarray(stored[::2, ::2]).tobytes() for stored in self.slices]
        files = [] if one_series else [("DICOMDIR", self.directory.read_bytes())]
        files += [
            (path, writer.file(place, small[index % len(small)])) for index, (path, place) in enumerate(self._disc_slices(one_series))
        ]
        write_iso(self.folder / name, files, joliet=3)
        return self.folder / name

    def middle_of_disc(self) -> str:
        """The path of the slice in the middle of the disc's first series."""
        first = [path for path, place in self._disc_slices() if place.series == 1]
        return first[(len(first) - 1) // 2]

    def disc_file(self, path: str) -> bytes:
        """The bytes of one file of the disc."""
        import pycdlib

        data, disc = io.BytesIO(), pycdlib.PyCdlib()
        disc.open(str(self.disc))
        disc.get_file_from_iso_fp(data, joliet_path="/" + path)
        disc.close()
        return data.getvalue()

    def listing(self, kind: str) -> Path:
        """An ISO image of 5,000 files of 2 KB: "iso" has plain names, "joliet" and "rock ridge" have theirs beside them."""
        path = self.folder / f"listing-{kind.replace(' ', '-')}.iso"
        if not path.exists():
            self._tell(f"making a disc image of small files ({kind})")
            files = [(name, b"x" * 2048) for name, _ in self._disc_slices()]
            write_iso(path, files, joliet=3 if kind == "joliet" else None, rock_ridge="1.09" if kind == "rock ridge" else None)
        return path


def write_iso(path: Path, files: list[tuple[str, bytes]], joliet: int | None = None, rock_ridge: str | None = None) -> None:
    """An ISO 9660 level 1 image, the files in the order given."""
    import pycdlib

    image: Any = pycdlib.PyCdlib()
    image.new(interchange_level=1, joliet=joliet, rock_ridge=rock_ridge, vol_ident="BENCH")
    made: set[str] = set()
    for name, data in files:
        parts = name.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder not in made:
                made.add(folder)
                image.add_directory("/" + folder, **_other_names(folder, joliet, rock_ridge))
        image.add_fp(io.BytesIO(data), len(data), f"/{name}.;1", **_other_names(name, joliet, rock_ridge))
    image.write(str(path))
    image.close()


def _other_names(name: str, joliet: int | None, rock_ridge: str | None) -> dict[str, str]:
    names = {"joliet_path": "/" + name} if joliet else {}
    return names | ({"rr_name": name.rsplit("/", 1)[-1]} if rock_ridge else {})
