# ruff: noqa: SIM905 -- words read better as words
"""Every word that dcmtk's dsrdump and dsr2html give of a report is in ours."""

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tview.media import open_medium

_WORD = re.compile(r"[^\W_]+")
# What dcmtk says of its own: the names of relations, value types and flags, and the heads of its pages.
_OWN = frozenset(
    (
        "document contains has obs context concept mod inferred from selected acq properties container text num code pname date "
        "time datetime uidref image composite waveform scoord scoord3d tcoord separate continuous patient study series completion "
        "flag verification content observation modifier annex spatial coordinates complete partial verified unverified m f o male "
        "female other unknown comprehensive enhanced basic sr key object selection mammography cad ray radiation dose physician "
        "referring manufacturer by reference organization verifying observers empty coding scheme value polyline point circle "
        "multipoint ellipse pi si sg ct mr pt cr us xa nm dicom instance for description template "
        "predecessor docs gsps footnote acquisition observed "
    ).split()
)


def words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text) if not word.isdigit()}


def dumped(program: str, path: Path) -> str:
    done = subprocess.run([program, *(["+Pl", "+U8"] if program == "dsrdump" else ["+U8"]), path], capture_output=True, timeout=60)
    if done.returncode:
        return ""
    text = done.stdout.decode("utf-8", "replace")
    if program == "dsr2html":
        body = html.unescape(re.sub(r"(?s)<head>.*?</head>|<[^>]*>", " ", text))
        body = re.sub(r"(?s)This page was generated.*", "", body)
        return re.sub(r"\([^(),]+, [^()]+\)", " ", body)  # value and scheme of a code: ours are told by meaning
    values = re.sub(r"\(([^(),]*),([^(),]*),\"", '("', text)  # value and scheme of a code: ours are told by meaning
    return re.sub(r'(<[^<]*NUM:[^\n]*"[^"]*") \("[^\n]*', r"\1", values).replace("\\n", " ").replace("\\r", " ")


def reports(folder: Path) -> list[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".png", ".csv", ".md") and b"CONTAINER" in path.read_bytes()[: 1 << 22]:
            found.append(path)
    return found


def missing(program: str, path: Path, ours: str) -> set[str]:
    have = words(ours)
    return {word for word in words(dumped(program, path)) - _OWN - have if not re.fullmatch(r"\d+[a-z]?|\w+storage", word)}


@pytest.mark.parametrize("program", ["dsrdump", "dsr2html"])
def test_no_word_is_lost_in_the_corpus(program, corpus, document_of, text_of) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    paths = [path for folder in (corpus / "objects", corpus / "bits") for path in reports(folder)]
    assert paths
    lost = {path.name: missing(program, path, text_of(document_of(path))) for path in paths}
    assert not {name: gone for name, gone in lost.items() if gone}


@pytest.mark.parametrize("program", ["dsrdump", "dsr2html"])
def test_no_word_is_lost_in_the_reports_of_pydicom_and_the_demo_disc(program, document_of, text_of, demo_disc, tmp_path) -> None:
    from pydicom.data import get_testdata_file

    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    with open_medium(str(demo_disc)) as medium:
        entry = next(entry for entry in medium.entries() if "SE000003" in entry.path)
        (tmp_path / "demo.dcm").write_bytes(medium.read(entry, 0, None).data)
    paths = [tmp_path / "demo.dcm", *(Path(str(get_testdata_file(name))) for name in ("reportsi.dcm", "test-SR.dcm"))]
    lost = {path.name: missing(program, path, text_of(document_of(path))) for path in paths}
    assert not {name: gone for name, gone in lost.items() if gone}
