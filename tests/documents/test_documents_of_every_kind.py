# ruff: noqa: E501 -- samples read better in rows
"""Each line of DOCUMENTS gives text of a sample, and every object of the corpus opens as something."""

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tview.catalog import complete_catalog
from tview.dicom import sop_class_kind
from tview.documents import DOCUMENTS, Paragraph, kind_for_file, kind_for_object, open_document, open_file
from tview.documents.html import html_blocks
from tview.errors import DocumentError
from tview.media import open_medium

_CLASS = "1.2.840.10008.5.1.4.1.1."
_FILES = {
    "page.html": (
        b"<html><head><title>The page</title><script>alert('no')</script></head><body><h1>Head</h1><p>Some <b>bold</b> words.</p>"
        b"<ul><li>one</li><li>two</li></ul><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table></body></html>",
        "html", "Some bold words.",
    ),
    "note.rtf": (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\author Nobody}}M\'fcller\par caf\u233?\par{\*\generator Hidden;}end}",
        "rtf", "Müller\ncafé\nend",
    ),
    "data.xml": (b"<?xml version='1.0'?><a><b c='attr'>inside</b></a>", "xml", "b: inside"),
    "README.TXT": ("Grüße\n".encode("cp1252"), "text", "Grüße"),
    "photo.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x11\x08\0\x20\0\x40\3\1\x22\0\2\x11\1\3\x11\1", "picture", "64 × 32 px"),
    "viewer.exe": (b"MZ" + bytes(200), "file", "not opened here"),
}  # fmt: skip


@pytest.mark.parametrize("name", _FILES)
def test_a_plain_file_is_read_or_named(name, tmp_path, text_of) -> None:
    data, kind, words = _FILES[name]
    (tmp_path / name).write_bytes(data)
    with open_medium(str(tmp_path)) as medium:
        (file,) = complete_catalog([medium]).other_files
        document = open_file(medium, file)
    text = text_of(document)
    assert document.kind == kind and words in text
    assert "alert" not in text and "Hidden" not in text and "Nobody" not in text


def test_html_keeps_its_shape(tmp_path, text_of) -> None:
    (tmp_path / "page.html").write_bytes(_FILES["page.html"][0])
    with open_medium(str(tmp_path)) as medium:
        (file,) = complete_catalog([medium]).other_files
        text = text_of(open_file(medium, file))
    assert text.startswith("The page\n========") and "HEAD\n----" in text and "A  B\n-  -\n1  2" in text


@pytest.mark.parametrize(
    "evil",
    ["<a " * 100_000, "<![CDATA[" * 50_000, "<!--" * 100_000, "<div>" * 100_000, "<" * 300_000, "&" * 300_000],
    ids=lambda evil: evil[:5],
)
def test_pages_that_take_a_parser_long_do_not(evil) -> None:
    """Minutes with html.parser alone; a test of seconds."""
    html_blocks("<p>before</p>" + evil)


def test_a_less_than_sign_is_text() -> None:
    assert html_blocks("<p>1 < 2 and 3 > 2<!-- <b> --> end</p>") == (None, (Paragraph("1 < 2 and 3 > 2 end"),))


def _object(**values) -> Dataset:
    made = Dataset()
    made.PatientName, made.PatientID, made.Modality = "TEST^OBJECT", "T2", "OT"
    for name, value in values.items():
        setattr(made, name, value)
    return made


def _referenced(**more) -> Sequence:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = _CLASS + "2", "1.2.3.9"
    for name, value in more.items():
        setattr(item, name, value)
    return Sequence([item])


def _of(**values) -> Dataset:
    made = Dataset()
    for name, value in values.items():
        setattr(made, name, value)
    return made


_CDA = b"""<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Discharge letter</title>
<recordTarget><patientRole><id extension="77"/><patient><name><given>Jane</given><family>Doe</family></name></patient></patientRole></recordTarget>
<component><structuredBody><component><section><title>Diagnosis</title><text><paragraph>A broken <content>arm</content>.</paragraph>
<list><item>rest</item></list><table><tr><th>Drug</th><th>Dose</th></tr><tr><td>X</td><td>1 mg</td></tr></table></text></section></component>
</structuredBody></component></ClinicalDocument>"""

_OBJECTS = {
    "cda": (_CLASS + "104.2", _object(DocumentTitle="Letter", MIMETypeOfEncapsulatedDocument="text/XML", EncapsulatedDocument=_CDA + b" " * (len(_CDA) % 2)),
            ("DIAGNOSIS", "A broken arm.", "Jane, Doe", "Drug  Dose")),
    "encapsulated": (_CLASS + "104.3", _object(DocumentTitle="Skull", MIMETypeOfEncapsulatedDocument="model/stl", EncapsulatedDocument=b"solid x "),
                     ("Skull", "8 bytes", "not drawn here")),
    "presentation": (_CLASS + "11.1", _object(
        ContentLabel="MARKS", ContentDescription="Marked by me", ContentCreatorName="Doe^Jane", PresentationCreationDate="20240102",
        GraphicAnnotationSequence=Sequence([_of(GraphicLayer="L", TextObjectSequence=Sequence([_of(UnformattedTextValue="look here")]))]),
        ReferencedSeriesSequence=Sequence([_of(SeriesInstanceUID="1.2", ReferencedImageSequence=_referenced())])),
        ("Marked by me", "Doe, Jane", "2024-01-02", "look here", "CT Image")),
    "rt-structures": (_CLASS + "481.3", _object(
        StructureSetLabel="Plan A", StructureSetROISequence=Sequence([_of(ROINumber=1, ROIName="Heart", ROIGenerationAlgorithm="MANUAL")])),
        ("Plan A", "Heart", "MANUAL")),
    "rt-plan": (_CLASS + "481.5", _object(
        RTPlanLabel="P1", FractionGroupSequence=Sequence([_of(FractionGroupNumber=1, NumberOfFractionsPlanned=25, NumberOfBeams=2)]),
        BeamSequence=Sequence([_of(BeamNumber=1, BeamName="AP", RadiationType="PHOTON")])), ("P1", "25", "AP", "PHOTON")),
    "waveform": (_CLASS + "9.1.1", _object(
        WaveformSequence=Sequence([_of(NumberOfWaveformSamples=1000, SamplingFrequency="500", MultiplexGroupLabel="RHYTHM",
                                       ChannelDefinitionSequence=Sequence([_of(ChannelLabel="Lead II")]))]),
        WaveformAnnotationSequence=Sequence([_of(UnformattedTextValue="Sinus rhythm")])), ("RHYTHM", "2 s", "Lead II", "Sinus rhythm")),
    "elements": (_CLASS + "66", _object(SeriesDescription="Raw things"), ("Raw Data", "Raw things")),
}  # fmt: skip


@pytest.mark.parametrize("kind", _OBJECTS)
def test_an_object_is_read(kind, write_object, document_of, text_of) -> None:
    sop_class, data_set, words = _OBJECTS[kind]
    document = document_of(write_object(data_set, sop_class))
    text = text_of(document)
    assert document.kind == kind
    assert all(word in text for word in words), text
    assert "TEST, OBJECT" in text


def test_every_kind_has_a_sample_here_or_beside() -> None:
    beside = {"report", "key-objects", "pdf"}
    assert {kind.name for kind in DOCUMENTS} == beside | set(_OBJECTS) | {kind for _data, kind, _words in _FILES.values()}


def test_an_unknown_class_is_named(write_object, document_of, text_of) -> None:
    document = document_of(write_object(_object(SeriesDescription="Something"), "1.2.840.113619.4.99"))
    text = text_of(document)
    assert document.title == "Private object (1.2.840.113619.4.99)" and "Something" in text and "object.dcm" in text


def test_entities_are_refused(write_object, document_of, text_of) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><ClinicalDocument><title>&b;</title></ClinicalDocument>'
    made = _object(EncapsulatedDocument=bomb + b" " * (len(bomb) % 2), MIMETypeOfEncapsulatedDocument="text/XML")
    document = document_of(write_object(made, _CLASS + "104.2"))
    assert [told.code for told in document.findings] == ["document-unreadable"]
    assert "root:" not in text_of(document)


def test_every_object_of_the_corpus_opens_or_says_why_not(corpus) -> None:
    """415 files; those of the pictures folder are renderings."""
    opened, refused = 0, []
    with open_medium(str(corpus)) as medium:
        for entry in medium.entries():
            if entry.path.startswith("png/") or entry.path.endswith((".csv", ".md", ".png")):
                continue
            try:
                document = open_document(medium, entry.path)
            except DocumentError as error:
                refused.append(error.finding.code)
                continue
            assert document.title and (document.facts or document.blocks)
            opened += 1
    assert opened >= 400 and set(refused) <= {"not-dicom"}


def test_every_class_and_every_file_has_a_kind() -> None:
    assert kind_for_object("1.2.3", "").name == "elements" and kind_for_file("random").name == "file"
    assert kind_for_object(_CLASS + "104.1", sop_class_kind(_CLASS + "104.1")).name == "pdf"
