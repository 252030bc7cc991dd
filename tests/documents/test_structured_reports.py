"""Every value type and relationship of PS3.3 C.17.3, laid out; the same words as dcmtk where it reads them."""

import re
import shutil
import subprocess

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tview.documents import Heading, Item, Link, Measurement, Paragraph, Table

_FINDING = ("121071", "DCM", "Finding")
_MM = ("mm", "UCUM", "millimeter")
_CT = "1.2.840.10008.5.1.4.1.1.2"


def referenced(uid: str, sop_class: str = _CT, **more) -> Sequence:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = sop_class, uid
    for name, value in more.items():
        setattr(item, name, value)
    return Sequence([item])


@pytest.fixture
def every_type(sr_parts, write_report):
    code, item, number = sr_parts
    image = item("INFERRED FROM", "IMAGE", None, ReferencedSOPSequence=referenced("1.2.3.9", ReferencedFrameNumber=[3, 4]))
    scoord = item(
        "INFERRED FROM",
        "SCOORD",
        None,
        item("SELECTED FROM", "IMAGE", None, ReferencedSOPSequence=referenced("1.2.3.10")),
        GraphicType="POLYLINE",
        GraphicData=[1.5, 2.5, 3.5, 4.5],
    )
    by_reference = Dataset()
    by_reference.RelationshipType, by_reference.ReferencedContentItemIdentifier = "INFERRED FROM", [1, 1, 1]
    return write_report(
        item(
            "CONTAINS",
            "CONTAINER",
            ("121070", "DCM", "Findings"),
            item("CONTAINS", "TEXT", _FINDING, image, by_reference, TextValue="First line\r\nsecond line with a word"),
            number(("410668003", "SCT", "Length"), "12.50", _MM, scoord),
            item("CONTAINS", "CODE", ("121072", "DCM", "Impression"), ConceptCodeSequence=code("1", "99X", "Malignant neoplasm")),
            item("CONTAINS", "PNAME", ("121008", "DCM", "Observer"), PersonName="Yamada^Tarou=山田^太郎"),
            item("CONTAINS", "DATE", ("111060", "DCM", "Study Date"), Date="20240229"),
            item("CONTAINS", "TIME", ("111061", "DCM", "Study Time"), Time="081437"),
            item("CONTAINS", "DATETIME", ("111526", "DCM", "Started"), DateTime="20240229081437+0100"),
            item("CONTAINS", "UIDREF", ("112040", "DCM", "Tracking UID"), UID="1.2.3.4.5.6"),
            item("CONTAINS", "COMPOSITE", None, ReferencedSOPSequence=referenced("1.2.3.11", "1.2.840.10008.5.1.4.1.1.88.11")),
            item(
                "CONTAINS",
                "WAVEFORM",
                None,
                ReferencedSOPSequence=referenced("1.2.3.12", "1.2.840.10008.5.1.4.1.1.9.1.1", ReferencedWaveformChannels=[1, 2]),
            ),
            item(
                "CONTAINS",
                "SCOORD3D",
                ("1", "99X", "Spot"),
                GraphicType="POINT",
                GraphicData=[1.0, -2.0, 3.25],
                ReferencedFrameOfReferenceUID="1.2.7",
            ),
            item("CONTAINS", "TCOORD", ("2", "99X", "Beat"), TemporalRangeType="SEGMENT", ReferencedTimeOffsets=["0.5", "1.25"]),
            ContinuityOfContent="SEPARATE",
        ),
        SpecificCharacterSet="ISO_IR 192",
    )


def test_every_value_type_is_read(every_type, document_of, text_of) -> None:
    text = text_of(document_of(every_type))
    for words in (
        "FINDINGS", "First line\n  second line with a word", "Length  12.50 mm", "Impression: Malignant neoplasm",
        "Observer: Yamada, Tarou (山田 太郎)", "Study Date: 2024-02-29", "Study Time: 08:14:37", "Started: 2024-02-29 08:14:37 +0100",
        "Tracking UID: 1.2.3.4.5.6", "Basic Text SR", "12-lead ECG Waveform", "channel 1/2", "Spot: point (1, -2, 3.25) mm",
        "Beat: segment 0.5, 1.25 s", "based on: polyline (1.5, 2.5) (3.5, 4.5)", "selected from: CT Image", "CT Image, frames 3, 4",
    ):  # fmt: skip
        assert words in text, words


def test_links_carry_uid_and_frames(every_type, document_of) -> None:
    links = {link.sop_instance_uid: link for link in document_of(every_type).links}
    assert links["1.2.3.9"].frames == (3, 4) and links["1.2.3.9"].sop_class_uid == _CT
    assert set(links) == {"1.2.3.9", "1.2.3.10", "1.2.3.11", "1.2.3.12"}


def test_a_reference_names_what_it_means_and_a_cycle_ends(every_type, document_of, text_of) -> None:
    """The item refers to the one it hangs on: a cycle, which PS3.3 forbids and files may have."""
    assert "based on: see item 1.1.1: Finding: First line second line with a word" in text_of(document_of(every_type))


def test_dcmtk_gives_no_word_more(every_type, document_of, text_of) -> None:
    if shutil.which("dsrdump") is None:
        pytest.skip("dsrdump is not installed")
    every_type.write_bytes(every_type.read_bytes().replace(b"1.1.88.33", b"1.1.88.34"))  # the class that allows SCOORD3D
    out = subprocess.run(["dsrdump", "+Pl", every_type], capture_output=True, timeout=60).stdout.decode("utf-8", "replace")
    if not out:
        pytest.skip("this dsrdump refuses the report")
    ours = text_of(document_of(every_type)).casefold()
    assert all(word.casefold() in ours for word in re.findall(r'="([A-Za-z][a-z]{3,})[" ]', out))


def test_units_are_symbols_and_annotations_words(sr_parts, write_report, document_of) -> None:
    _code, _item, number = sr_parts
    path = write_report(
        number(("1", "99X", "A"), "2", ("{ratio}", "UCUM", "ratio")),
        number(("2", "99X", "B"), "3", ("1", "UCUM", "no units")),
        number(("3", "99X", "C"), "4.50", _MM),
        number(("4", "99X", "D"), "5", ("1", "UCUM", "px")),
    )
    found = [(block.name, block.value, block.unit) for block in document_of(path).blocks if isinstance(block, Measurement)]
    assert found == [("A", "2", "ratio"), ("B", "3", None), ("C", "4.50", "mm"), ("D", "5", "px")]


def test_continuous_text_is_one_paragraph(sr_parts, write_report, document_of) -> None:
    _code, item, number = sr_parts
    path = write_report(
        item(
            "CONTAINS",
            "CONTAINER",
            None,
            item("CONTAINS", "TEXT", _FINDING, TextValue="There is a"),
            number(("1", "99X", "Diameter"), "1.5", ("cm", "UCUM", "centimeter")),
            item("CONTAINS", "TEXT", _FINDING, TextValue="lesion"),
            item("CONTAINS", "TEXT", _FINDING, TextValue=", and no other."),
            ContinuityOfContent="CONTINUOUS",
        )
    )
    assert document_of(path).blocks == (Paragraph("There is a 1.5 cm lesion, and no other."),)


def test_a_dose_report_has_a_table(sr_parts, write_report, document_of) -> None:
    """TID 10013: one row a scan, whatever order the items have."""
    _code, item, number = sr_parts
    scans = [
        item(
            "CONTAINS",
            "CONTAINER",
            ("113819", "DCM", "CT Acquisition"),
            item("CONTAINS", "TEXT", ("125203", "DCM", "Acquisition Protocol"), TextValue=name),
            item(
                "CONTAINS",
                "CONTAINER",
                ("113829", "DCM", "CT Dose"),
                number(("113830", "DCM", "Mean CTDIvol"), dose, ("mGy", "UCUM", "mGy")),
                number(("113838", "DCM", "DLP"), dlp, ("mGy.cm", "UCUM", "mGy.cm")),
                ContinuityOfContent="SEPARATE",
            ),
            ContinuityOfContent="SEPARATE",
        )
        for name, dose, dlp in (("Topogram", "0.1", "4"), ("Thorax", "7.9", "310"))
    ]
    table = next(block for block in document_of(write_report(*scans)).blocks if isinstance(block, Table))
    assert table.columns == ("Protocol", "CTDIvol", "DLP")
    assert table.rows == (("Topogram", "0.1 mGy", "4 mGy.cm"), ("Thorax", "7.9 mGy", "310 mGy.cm"))


def test_measurement_groups_have_a_table(sr_parts, write_report, document_of) -> None:
    """TID 1501."""
    code, item, number = sr_parts
    group = item(
        "CONTAINS",
        "CONTAINER",
        ("125007", "DCM", "Measurement Group"),
        item("HAS OBS CONTEXT", "TEXT", ("112039", "DCM", "Tracking Identifier"), TextValue="Lesion 1"),
        item("HAS CONCEPT MOD", "CODE", ("363698007", "SCT", "Finding Site"), ConceptCodeSequence=code("1", "99X", "Liver")),
        number(("410668003", "SCT", "Length"), "12", _MM),
        ContinuityOfContent="SEPARATE",
    )
    table = next(block for block in document_of(write_report(group)).blocks if isinstance(block, Table))
    assert table.rows == (("Lesion 1", "Liver", "Length", "12 mm"),)


def test_who_signed_it_and_how_far_it_is(write_report, document_of) -> None:
    observer = Dataset()
    observer.VerifyingObserverName, observer.VerifyingOrganization, observer.VerificationDateTime = (
        "Reader^Ann^^Dr",
        "Clinic",
        "20240103090000",
    )
    observer.VerifyingObserverIdentificationCodeSequence = Sequence()
    path = write_report(CompletionFlag="PARTIAL", VerificationFlag="VERIFIED", VerifyingObserverSequence=Sequence([observer]))
    facts = {fact.label: fact.text for fact in document_of(path).facts}
    assert facts["State"] == "not finished (PARTIAL)" and facts["Signature"] == "signed by a person (VERIFIED)"
    assert facts["Signed by"] == "Reader, Ann (Dr), Clinic, 2024-01-03 09:00:00"
    assert facts["Patient"] == "TEST, REPORT  O  * 1970-01-01  ID T1"


def test_control_characters_do_not_pass(sr_parts, write_report, document_of, text_of) -> None:
    _code, item, _number = sr_parts
    evil = "\x1b]52;c;AAAA\x07 \u202egnp.exe\x9b2J"
    text = text_of(document_of(write_report(item("CONTAINS", "TEXT", _FINDING, TextValue=evil), SpecificCharacterSet="ISO_IR 192")))
    assert not any(ord(character) < 32 and character != "\n" for character in text)
    assert not any(character in text for character in "\x9b\u202e\x07")


def test_a_deep_report_is_cut_and_said(sr_parts, write_report, document_of) -> None:
    _code, item, _number = sr_parts
    inner = item("CONTAINS", "TEXT", _FINDING, TextValue="deep")
    for _ in range(55):
        inner = item("CONTAINS", "CONTAINER", _FINDING, inner, ContinuityOfContent="SEPARATE")
    assert {told.code for told in document_of(write_report(inner)).findings} == {"report-cut"}


def test_headings_count_levels(every_type, document_of) -> None:
    assert [(block.level, block.text) for block in document_of(every_type).blocks if isinstance(block, Heading)] == [(1, "Findings")]


def test_key_objects_are_listed(sr_parts, write_report, document_of) -> None:
    _code, item, _number = sr_parts
    path = write_report(
        item("CONTAINS", "TEXT", ("113012", "DCM", "Key Object Description"), TextValue="For the surgeon"),
        item("CONTAINS", "IMAGE", None, ReferencedSOPSequence=referenced("1.2.3.9")),
        item("CONTAINS", "IMAGE", None, ReferencedSOPSequence=referenced("1.2.3.10")),
        title=("113000", "DCM", "Of Interest"),
    )
    data = path.read_bytes().replace(b"1.2.840.10008.5.1.4.1.1.88.33", b"1.2.840.10008.5.1.4.1.1.88.59")
    path.write_bytes(data)
    document = document_of(path)
    assert document.kind == "key-objects" and document.title == "Of Interest"
    assert Item("For the surgeon", "Key Object Description", 0) in document.blocks
    assert [link.sop_instance_uid for link in document.links if isinstance(link, Link)] == ["1.2.3.9", "1.2.3.10"]


def test_a_table_item_is_a_table(sr_parts, write_report, document_of) -> None:
    """C.18.10, in the values sequence or beside it."""
    code, item, _number = sr_parts
    cells = []
    for row, column, text in ((1, 1, "a"), (1, 2, "b"), (2, 1, "c"), (2, 2, "d")):
        cell = Dataset()
        cell.TableRowNumber, cell.TableColumnNumber, cell.TextValue = row, column, text
        cells.append(cell)
    columns = []
    for number, name in ((1, "Left"), (2, "Right")):
        column = Dataset()
        column.TableColumnNumber, column.ConceptNameCodeSequence = number, code(str(number), "99X", name)
        columns.append(column)
    values = Dataset()
    values.NumberOfTableRows, values.NumberOfTableColumns = 2, 2
    values.TableColumnDefinitionSequence, values.CellValuesSequence = Sequence(columns), Sequence(cells)
    path = write_report(item("CONTAINS", "TABLE", ("9", "99X", "Eyes"), TabulatedValuesSequence=Sequence([values])))
    assert Table("Eyes", ("Left", "Right"), (("a", "b"), ("c", "d"))) in document_of(path).blocks
