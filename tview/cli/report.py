"""``tview report``: reports and documents as text, Markdown or JSON."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tview.cli.common import (
    Opened,
    choice_arguments,
    opened,
    print_lines,
    print_record,
    print_text,
    say,
    say_finding,
    settings_of,
    source_arguments,
    unicode_output,
    wants_terminal,
    worst,
)
from tview.dicom import DEFAULT, TRUSTED, Limits
from tview.errors import ChoiceError, DocumentError, Exit, Severity, finding
from tview.text import SafeText, safe, translate

if TYPE_CHECKING:
    from tview.catalog import Catalog, OtherFile
    from tview.documents import Document, Whereabouts
    from tview.media import Medium

FORMATS = ("text", "markdown", "json")
_WIDEST = 100


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    source_arguments(parser)
    choice_arguments(parser)
    parser.add_argument("--format", choices=FORMATS, help=translate("text (when absent), markdown or json"))
    save = translate("write the files inside (PDF, CDA, STL ...) to a folder, one to a file or to - (stdout), and print no text")
    parser.add_argument("--save", metavar="DEST", help=save)
    parser.add_argument("--json", action="store_true", help=translate("as JSON (schema tview/report/1)"))


def run(options: Namespace) -> Exit:
    """Print them: without a choice every report and document, with one whatever is chosen, as something to read.

    Exit 4 when there is none, 5 when one of them could not be read; the others are printed.
    """
    settings = settings_of(options)
    from tview.catalog import complete_catalog
    from tview.documents import Whereabouts, open_document, open_file

    limits = TRUSTED if settings.limits == "trusted" else DEFAULT
    documents: list[Document] = []
    with opened(options) as media:
        catalog = complete_catalog(media, limits)
        code = media.code
        objects, files = _chosen(media, catalog, options)
        for source_number, path in objects:
            try:
                documents.append(open_document(media[source_number], path, source_number, limits))
            except DocumentError as error:
                code = worst((code, _failed(error)))
        for file in files:
            try:
                documents.append(open_file(media[file.source_number], file))
            except DocumentError as error:
                code = worst((code, _failed(error)))
        if options.save is not None:
            return worst((code, _save(media, documents, Whereabouts(catalog), options.save, limits)))
    _print(documents, Whereabouts(catalog), "json" if options.json else options.format or "text")
    lost = any(told.severity is Severity.ERROR for document in documents for told in document.findings)
    return worst((code, Exit.NO_OUTPUT if lost else Exit.FINE))


def _save(media: "Opened", documents: "list[Document]", where: "Whereabouts", place: str, limits: Limits) -> Exit:
    """Write the files inside. Exit 4 when there is none, 5 when one could not be read."""
    from tview.documents import file_inside
    from tview.export import open_destination

    inside = [document for document in documents if document.content and document.sop_class_uid]
    if not inside:
        raise ChoiceError(finding("no-file-inside", source=media[0].source))
    endings = {"pdf", "xml", "stl", "obj", "mtl", "bin"}
    destination = open_destination(place, endings, len(inside) == 1, [medium.source for medium in media])
    code = Exit.FINE
    for document in inside:
        try:
            data, ending = file_inside(media[document.source_number], document, limits)
        except DocumentError as error:
            code = worst((code, _failed(error)))
            continue
        path = destination.write(_stem(where, document), ending, data)
        if path != "-":
            say(translate("written: {path}").format(path=path))
    return code


def _stem(where: "Whereabouts", document: "Document") -> str:
    """A name of our own: titles may name the patient."""
    from tview.export import object_name

    target = where.target(document.sop_instance_uid or "")
    if target is None:
        return "document"
    series, instance = target
    return object_name(series.series_number, instance.instance_number, series.number_in_list, instance.number_in_list)


def _failed(error: DocumentError) -> Exit:
    say_finding(error.finding)
    return error.exit_code


def _chosen(media: "Sequence[Medium]", catalog: "Catalog", options: Namespace) -> "tuple[list[tuple[int, str]], list[OtherFile]]":
    """The objects and plain files that are meant.

    Raises:
        ChoiceError: there is none.
    """
    from tview.catalog import entry_at, found_in, nothing_medical
    from tview.cli.objects import choice_of

    choice = choice_of(options)
    if options.path and (place := entry_at(media, options.path)) is not None:
        address = (place[0], place[1].path)
        files = [file for file in catalog.other_files if (file.source_number, file.path) == address]
        return ([] if files else [address]), files
    found = [one for one in found_in(catalog, choice) if one.instance.state != "missing"]
    reading = [one for one in found if _is_reading(one.instance.sop_class_uid)]
    meant = reading if reading or not (options.instance or options.series) else found
    if not meant and choice.is_empty and len(media) == 1 and media[0].kind == "file":
        meant = found
    if not catalog.patients:
        _say_outside(media, catalog)
        raise nothing_medical(media, catalog)
    if not meant:
        _say_outside(media, catalog)
        code = "no-report" if choice.is_empty else "no-match"
        raise ChoiceError(finding(code, wanted=choice.words, source=media[0].source))
    return [(one.instance.source_number, one.instance.path) for one in meant], []


_OUTSIDE = frozenset(("pdf", "rtf", "html", "xml"))


def _say_outside(media: "Sequence[Medium]", catalog: "Catalog") -> None:
    """Where there is no report as an object there may be one as a plain file."""
    files = [file for file in catalog.other_files if file.kind in _OUTSIDE]
    if files:
        first = min(files, key=lambda file: file.kind != "pdf")
        source = media[first.source_number].source
        say_finding(finding("documents-outside", path=first.path, count=len(files), source=source))


def _is_reading(sop_class_uid: str | None) -> bool:
    from tview.dicom import sop_class_kind
    from tview.documents import kind_for_object

    return kind_for_object(sop_class_uid or "", sop_class_kind(sop_class_uid or "")).is_reading


def _print(documents: "list[Document]", where: "Whereabouts", form: str) -> None:
    from tview.documents import document_record, markdown, plain_lines

    if form == "json":
        print_record({"schema": "tview/report/1", "documents": [document_record(document, where) for document in documents]})
        return
    for document in documents:
        for told in document.findings:
            say_finding(told)
    if form == "markdown":
        print_text("\n".join(markdown(document, where) for document in documents))
        return
    lines: list[SafeText] = []
    for document in documents:
        lines += [*([SafeText(""), SafeText("")] if lines else []), *plain_lines(document, where, _columns())]
    print_lines(lines if unicode_output() else [safe(line.translate(_ASCII), 1 << 20) for line in lines])


_ASCII = str.maketrans({"·": "-", "×": "x", "…": "...", "−": "-", "–": "-", "²": "2", "°": " deg", "→": "->"})


def _columns() -> int | None:
    """The cells of the terminal, a comfortable measure at most; None when the text goes elsewhere."""
    if not wants_terminal(1):
        return None
    try:
        return min(os.get_terminal_size(sys.stdout.fileno()).columns, _WIDEST) or None
    except OSError:
        return None
