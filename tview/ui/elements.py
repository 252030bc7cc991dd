"""The data elements of an object as rows of a sheet."""

from tview.catalog import ElementRow, element_rows
from tview.dicom import Header
from tview.text import SafeText
from tview.ui.look import Span, words
from tview.ui.popup import Line, column

_ = str
_ACCESSION_NUMBER = 0x00080050


def element_lines(header: Header, hidden: bool) -> list[Line]:
    """File meta information and data set, nested ones indented; with `hidden` the values that name someone are left out."""
    lines: list[Line] = []
    for part, title in ((header.meta, words(_("File meta information"))), (header.data_set, words(_("Data set")))):
        if part is not None:
            lines.append(Line(((title, "panel.accent"),)))
            lines.extend(_element_line(element, hidden) for element in element_rows(part))
    return lines


def names_someone(tag: int, vr: str) -> bool:
    """Whether the mask for names hides an element: those about the patient, names of persons, the accession number."""
    return tag >> 16 == 0x0010 or vr == "PN" or tag == _ACCESSION_NUMBER


def _element_line(element: ElementRow, hidden: bool) -> Line:
    indent = SafeText("  " * element.depth)
    value = words(_("(hidden)")) if hidden and names_someone(element.number, element.vr) and element.value else element.value
    left: tuple[Span, ...] = (
        (SafeText(f"{indent}{element.tag} {element.vr} "), "panel.dim"),
        (column(element.name, 34 - 2 * element.depth), "panel"),
        (SafeText(" "), "panel"),
        (value, "panel.strong"),
    )
    return Line(left, search=f"{element.tag} {element.name} {value}")
