# ruff: noqa: E501 -- tables read better in rows
"""The report, the letter, and the plain files that lie on such a disc."""

from pydicom.dataset import Dataset
from pydicom.uid import BasicTextSRStorage, EncapsulatedPDFStorage, ExplicitVRLittleEndian

from .records import CT_STUDY, base, code, sequence

_TITLE = ("18748-4", "LN", "Diagnostic Imaging Report")


def _text(concept: tuple[str, str, str], words: str, images: list[Dataset] | None = None) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "TEXT"
    item.ConceptNameCodeSequence = sequence(code(*concept))
    item.TextValue = words
    if images:
        item.ContentSequence = sequence(*(_image(image, "INFERRED FROM") for image in images))
    return item


def _image(image: Dataset, relation: str) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = relation, "IMAGE"
    item.ReferencedSOPSequence = sequence(_reference(image))
    return item


def _reference(image: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    return item


def _section(concept: tuple[str, str, str], *items: Dataset) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType, item.ContinuityOfContent = "CONTAINS", "CONTAINER", "SEPARATE"
    item.ConceptNameCodeSequence = sequence(code(*concept))
    item.ContentSequence = sequence(*items)
    return item


def report(slices: list[Dataset], nodule: Dataset) -> Dataset:
    """A Basic Text SR about the CT: what it cites is on the disc."""
    ds = base(CT_STUDY, BasicTextSRStorage, "SR", 3, 1, "Report", "Phantom reporting", ExplicitVRLittleEndian)
    ds.ContentTime = "112530"
    ds.CompletionFlag, ds.VerificationFlag = "COMPLETE", "VERIFIED"
    observer = Dataset()
    observer.VerifyingObserverName, observer.VerifyingOrganization = "EXAMPLE^READER^^DR", "Demo Hospital"
    observer.VerificationDateTime = CT_STUDY.date + "113000"
    observer.VerifyingObserverIdentificationCodeSequence = sequence()
    ds.VerifyingObserverSequence = sequence(observer)
    request = Dataset()
    request.StudyInstanceUID, request.AccessionNumber = ds.StudyInstanceUID, ds.AccessionNumber
    request.ReferencedStudySequence, request.RequestedProcedureCodeSequence = sequence(), sequence()
    request.PlacerOrderNumberImagingServiceRequest = request.FillerOrderNumberImagingServiceRequest = ""
    request.RequestedProcedureID, request.RequestedProcedureDescription = "1", CT_STUDY.description
    ds.ReferencedRequestSequence = sequence(request)
    ds.PerformedProcedureCodeSequence = sequence()
    ds.ReferencedPerformedProcedureStepSequence = sequence()
    series = Dataset()
    series.SeriesInstanceUID = slices[0].SeriesInstanceUID
    series.ReferencedSOPSequence = sequence(*(_reference(image) for image in slices))
    evidence = Dataset()
    evidence.StudyInstanceUID, evidence.ReferencedSeriesSequence = ds.StudyInstanceUID, sequence(series)
    ds.CurrentRequestedProcedureEvidenceSequence = sequence(evidence)
    ds.ValueType, ds.ContinuityOfContent = "CONTAINER", "SEPARATE"
    ds.ConceptNameCodeSequence = sequence(code(*_TITLE))
    language = Dataset()
    language.RelationshipType, language.ValueType = "HAS CONCEPT MOD", "CODE"
    language.ConceptNameCodeSequence = sequence(code("121049", "DCM", "Language of Content Item and Descendants"))
    language.ConceptCodeSequence = sequence(code("en", "RFC5646", "English"))
    finding = ("121071", "DCM", "Finding")
    ds.ContentSequence = sequence(
        language,
        _section(
            ("121060", "DCM", "History"),
            _text(
                ("121060", "DCM", "History"), "SYNTHETIC DEMO: this patient does not exist. Shadow on a chest radiograph; CT to clarify."
            ),
        ),
        _section(
            ("121064", "DCM", "Current Procedure Descriptions"),
            _text(
                ("121065", "DCM", "Procedure Description"),
                "CT of the chest after intravenous contrast, 64 slices of 5 mm, computed from formulas.",
            ),
        ),
        _section(
            ("121070", "DCM", "Findings"),
            _text(
                finding,
                f"Right upper lobe: solid, slightly lobulated nodule of 8 mm with short spicules (series 2, image {nodule.InstanceNumber}).",
                [nodule],
            ),
            _text(finding, "No other nodule. No consolidation, no effusion. Airways open to the segmental level."),
            _text(
                finding,
                "Heart and great vessels of normal size, well opacified. No filling defect in the central pulmonary arteries.",
                [slices[29], slices[40]],
            ),
            _text(finding, "No enlarged lymph nodes. Liver, spleen and stomach, as far as shown, unremarkable. No bone lesion."),
        ),
        _section(
            ("121072", "DCM", "Impressions"),
            _text(
                ("121073", "DCM", "Impression"),
                "One 8 mm nodule in the right upper lobe, placed there on purpose: see whether your viewer lets you find it.",
                [nodule],
            ),
            _text(
                ("121073", "DCM", "Impression"),
                "THIS IS A SYNTHETIC DEMONSTRATION. Nothing here describes a real person, and nothing here is medical advice.",
            ),
        ),
    )
    return ds


_LETTER = (
    ("F1", 20, "Demo Hospital"), ("F2", 11, "Department of Invented Radiology, Nowhere"), ("", 30, ""),
    ("F2", 11, "6 March 2025"), ("", 10, ""), ("F2", 11, "Patient: Anna Demo, born 2 April 1961, ID DEMO-0001"), ("F2", 11, "Examination: CT of the chest with contrast, DEMO2025030601"), ("", 16, ""),
    ("F2", 11, "Dear colleague,"), ("", 6, ""), ("F2", 11, "the CT shows one solid nodule of 8 mm in the right upper lobe (series 2). The rest of the chest"),
    ("F2", 11, "is unremarkable. The images, the radiograph of 4 March and the earlier brain MR are on this disc."), ("", 16, ""),
    ("F1", 13, "This letter is a demonstration."), ("F2", 11, "Anna Demo does not exist. Every image on this disc was computed from formulas so that a"),
    ("F2", 11, "viewer can be tried without anyone's medical data. Do not use it for any medical purpose."), ("", 20, ""), ("F2", 11, "Dr. Example Reader"),
)  # fmt: skip


def pdf() -> bytes:
    """One A4 page, written by hand."""
    lines, y = [], 780
    for font, size, words in _LETTER:
        y -= round(size * 1.45)
        if words:
            escaped = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            lines.append(f"BT /{font} {size} Tf 56 {y} Td ({escaped}) Tj ET")
    content = ("0.10 0.35 0.55 rg 0 800 595 42 re f 0 g\n" + "\n".join(lines) + "\n").encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (Letter about a CT of the chest, demonstration) /Producer (tview demo disc) >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, thing in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def letter() -> Dataset:
    """The PDF as a DICOM object."""
    ds = base(CT_STUDY, EncapsulatedPDFStorage, "DOC", 4, 1, "Letter", "Phantom reporting", ExplicitVRLittleEndian)
    ds.ConversionType, ds.BurnedInAnnotation = "WSD", "YES"
    ds.AcquisitionDateTime = CT_STUDY.date + CT_STUDY.time
    ds.ContentTime = "121500"
    ds.DocumentTitle, ds.MIMETypeOfEncapsulatedDocument = "Letter about the CT of the chest", "application/pdf"
    ds.ConceptNameCodeSequence = sequence(code("11488-4", "LN", "Consult note"))
    data = pdf()
    ds.EncapsulatedDocument = data + b"\0" * (len(data) % 2)
    ds.EncapsulatedDocumentLength = len(data)
    return ds


README = """This disc is a demonstration. Its patient, Anna Demo, does not exist: every picture was computed
from formulas by scripts/make_demo_disc.py of tview, a DICOM disc viewer for the terminal.
Licence: MIT, as tview. Not for any medical purpose.

  CT      Thorax with contrast, 2025-03-06: scout, 64 slices, report, letter
  DX      Chest PA, 2025-03-04
  US      Echocardiography with colour Doppler, 2025-02-27
  MR      Brain, sagittal T1, 2024-05-14

DICOMDIR lists the DICOM files; they lie in DICOM/.
To look at it:      tview demo
What is on it:      tview ls demo.iso

VIEWER/DEMO.EXE stands where such discs carry a Windows viewer. It is plain text and does nothing.
"""

INDEX = """<!DOCTYPE html>
<html lang="en"><head><meta charset="us-ascii"><title>Demonstration disc</title></head>
<body><h1>Demonstration disc: DEMO, ANNA</h1>
<p>This patient does not exist. Every picture was computed from formulas. Not for any medical purpose.</p>
<ul><li>CT thorax with contrast, 6 March 2025</li><li>Chest PA, 4 March 2025</li><li>Echocardiography, 11 March 2025</li><li>MR brain, 14 May 2024</li></ul>
<p>The images are DICOM files: see <a href="README.TXT">README.TXT</a>. A viewer for them: <a href="VIEWER/README.TXT">VIEWER</a>.</p>
</body></html>
"""

FILES: dict[str, str] = {
    "README.TXT": README,
    "INDEX.HTM": INDEX,
    "AUTORUN.INF": "[autorun]\nopen=VIEWER\\DEMO.EXE\nlabel=tview demonstration disc\n",
    "VIEWER/README.TXT": "Discs like this carry a Windows viewer here. This one carries a text file in its place, called DEMO.EXE.\nIt cannot be run.\n",
    "VIEWER/DEMO.EXE": "This is not a program. It stands where a disc's own viewer would, so that a reader of discs has something not to run.\n",
}
