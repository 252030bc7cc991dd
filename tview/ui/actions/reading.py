"""Reports and documents: which there are, read as a page, their links followed, their pages shown as pictures."""

from collections.abc import Callable
from functools import partial

from tview.catalog import Instance, OtherFile, Series, Stack, Study
from tview.dicom import DEFAULT, TRUSTED, sop_class_name
from tview.documents import Document, Link, Whereabouts, kind_for_file, kind_for_object, open_document, open_file
from tview.errors import Finding, TviewError, finding
from tview.text import SafeText, safe
from tview.ui.actions.base import Acting
from tview.ui.look import words
from tview.ui.plain_files import FILE_KEY, as_series
from tview.ui.popup import Line, column
from tview.ui.reading import DocumentPage
from tview.ui.slices import Slices

_ = str
_NO_DOCUMENTS = frozenset(("image", "segmentation", "no-pixels", ""))
_DRAWN_KINDS = frozenset(("pdf", "waveform"))
_READABLE_FILES = frozenset(("pdf", "html", "rtf", "text", "xml"))
_DRAWN_FILES = frozenset(("pdf", "jpeg", "png", "gif", "tiff", "bmp"))


def is_document(series: Series) -> bool:
    """Whether a series is read rather than looked at. PDF and waveforms are shown as their pages first."""
    return series.kind not in _NO_DOCUMENTS and series.kind not in _DRAWN_KINDS


class ReadingActions(Acting):
    """What D and Enter on a report do."""

    come_back: tuple[DocumentPage, int] | None = None
    """The document that a link was followed from, and the row in it."""

    def action_reports(self) -> None:
        """The document that a link was followed from, the text of the PDF that is shown, else those of the medium to choose from."""
        if self.come_back is not None:
            (content, top), self.come_back = self.come_back, None
            self.open_page(content, top)
            return
        shown = self.pane.state.series
        if shown is not None and shown.kind in _DRAWN_KINDS and not self.page.is_open and len(self.pane.slices):
            self.read_instance(self.pane.slices[self.pane.state.position].instance)
            return
        shown_file = self._file_shown()
        if shown_file is not None and not self.page.is_open:
            self.read_file(shown_file)
            return
        found = self._documents()
        if len(found) == 1:
            found[0][1]()
        elif found:
            lines = [line for line, _open in found]
            self.popup.open_list(words(_("Reports and documents")), lines, self.sheet_closed, width=100)
        else:
            self.tell(words(_("there is no report and no document on this medium")), "chrome.dim")

    def _file_shown(self) -> OtherFile | None:
        """The plain PDF that the pane shows as pictures."""
        series, files = self.pane.state.series, self.catalog.other_files if self.catalog else ()
        if series is None or not series.key.startswith(FILE_KEY):
            return None
        return next((file for file in files if file.kind == "pdf" and as_series(file)[1].key == series.key), None)

    def _documents(self) -> list[tuple[Line, Callable[[], None]]]:
        """Reports first, then what else can be read, then plain files."""
        found: list[tuple[int, Line, Callable[[], None]]] = []
        for study in self.studies:
            for series in study.series:
                kind = kind_for_object(series.sop_class_uids[0] if series.sop_class_uids else "", series.kind)
                if is_document(series) or series.kind in _DRAWN_KINDS:
                    for instance in series.instances:
                        if instance.state != "missing":
                            opened = partial(self.open_reading, study, series, instance)
                            found.append((0 if kind.is_reading else 1, self._line(study, series, instance, kind.title, opened), opened))
        for file in self.catalog.other_files if self.catalog else ():
            if file.kind in _READABLE_FILES:
                read = partial(self.show_file, file)
                left = ((column(words(kind_for_file(file.kind).title), 26), "panel.dim"), (safe(file.path), "panel"))
                found.append((2, Line(left, search=file.path, chosen=read), read))
        return [(line, opened) for _rank, line, opened in sorted(found, key=lambda one: one[0])]

    def _line(self, study: Study, series: Series, instance: Instance, kind: str, opened: Callable[[], None]) -> Line:
        what = series.series_description or safe(sop_class_name(instance.sop_class_uid or ""))
        number = "" if series.series_number is None else f"Se {series.series_number}"
        left = (
            (column(words(kind), 26), "panel.dim"),
            (column(study.shown_date or SafeText(""), 12), "panel"),
            (column(safe(number), 9), "panel"),
            (what, "panel.strong"),
        )
        return Line(left, search=f"{kind} {study.shown_title} {what}", chosen=opened)

    def open_reading(self, study: Study, series: Series, instance: Instance) -> None:
        """A PDF as its pages, anything else as text."""
        if series.kind in _DRAWN_KINDS:
            self._show_pages(series, instance)
        else:
            self.read_instance(instance)

    def _show_pages(self, series: Series, instance: Instance) -> None:
        stack = next((stack for stack in series.stacks if instance in stack.instances), None)
        self.page.shut()
        self.open_series(series, stack=stack, position=Slices(stack).position_of(instance, 0))
        self.pane.focus()
        self.tell(words(_("↓↑ pages, z zoom, D the text of the pages")), "chrome.dim")

    def read_instance(self, instance: Instance) -> None:
        """Its text as a page, read on a thread of its own: a medium may take its time."""
        self.tell(words(_("reading ...")), "chrome.dim")
        self.run_worker(partial(self._read, instance), thread=True, exit_on_error=False)

    def _read(self, instance: Instance) -> None:
        limits = TRUSTED if self.session.settings.limits == "trusted" else DEFAULT
        medium = self.session.media[instance.source_number]
        self._show_when_read(lambda: open_document(medium, instance.path, instance.source_number, limits))

    def show_file(self, file: OtherFile) -> None:
        """A file that is no object: its pages or picture, its text, or what it is. Nothing of the disc is run or opened by others."""
        if file.kind in _DRAWN_FILES:
            self.page.shut()
            self.painter.frames.know_file(file.source_number, file.path, file.kind)
            study, series = as_series(file)
            self.stop_cine()
            self.pane.choose(study, series, series.stacks[0], 0)
            self.ask(self.pane, moving=False)
            self.pane.focus()
            self.tell(words(_("a file outside DICOM: it names no patient") if file.kind != "pdf" else _("↓↑ pages, z zoom, D text")))
            return
        self.read_file(file)

    def read_file(self, file: OtherFile) -> None:
        """Its text, or what it is, as a page."""
        self.tell(words(_("reading ...")), "chrome.dim")
        self.run_worker(partial(self._read_file, file), thread=True, exit_on_error=False)

    def _read_file(self, file: OtherFile) -> None:
        self._show_when_read(lambda: open_file(self.session.media[file.source_number], file))

    def _show_when_read(self, read: Callable[[], Document]) -> None:
        told: Finding | None = None
        document: Document | None = None
        try:
            document = read()
        except TviewError as error:
            told = error.finding
        except Exception as error:  # the door: one document that cannot be read is said
            told = finding("internal-error", kind=type(error).__name__)
        if document is not None:
            self.app.call_from_thread(self._show_document, document)
        elif told is not None:
            self.app.call_from_thread(self.tell, told)

    def _show_document(self, document: Document) -> None:
        pictures = self._pages_of(document)
        several = self.action_reports_list if len(self._documents()) > 1 else None
        content = DocumentPage(
            document, Whereabouts(self.catalog), self._follow, pictures, self.pane.hidden, several, self._is_of_another(document)
        )
        self.tell(SafeText(""))
        self.open_page(content)

    def _is_of_another(self, document: Document) -> bool:
        """Whether the document and the picture shown are of two persons of the catalog."""
        target, study = Whereabouts(self.catalog).target(document.sop_instance_uid or ""), self.pane.state.study
        if target is None or study is None or self.catalog is None:
            return False
        persons = [
            patient.key
            for patient in self.catalog.patients
            for one in patient.studies
            if one.key == study.key or any(series.key == target.series.key for series in one.series)
        ]
        return len(set(persons)) > 1

    def action_reports_list(self) -> None:
        """The list again, from a document."""
        lines = [line for line, _open in self._documents()]
        self.popup.open_list(words(_("Reports and documents")), lines, self.sheet_closed, width=100)

    def _pages_of(self, document: Document) -> Callable[[], None] | None:
        target = Whereabouts(self.catalog).target(document.sop_instance_uid or "")
        if document.kind == "pdf" and target is None and self.catalog is not None:
            place = (document.source_number, document.path)
            file = next((one for one in self.catalog.other_files if (one.source_number, one.path) == place), None)
            return partial(self.show_file, file) if file is not None else None
        if document.kind not in _DRAWN_KINDS or target is None:
            return None
        return partial(self._show_pages, target.series, target.instance)

    def _follow(self, link: Link) -> None:
        """Go to the image, or read the document, that a link is to."""
        target = Whereabouts(self.catalog).target(link.sop_instance_uid)
        if target is None or target.instance.state == "missing":
            self.tell(words(_("{what} is not on this disc"), what=Whereabouts(self.catalog).words(link)), "chrome.red")
            return
        if is_document(target.series):
            self.read_instance(target.instance)
            return
        stack: Stack | None = next((stack for stack in target.series.stacks if target.instance in stack.instances), None)
        where = Whereabouts(self.catalog).words(link)
        frame = link.frames[0] if link.frames else 1
        position = self.pane.state.row_of(stack).position_of(target.instance, frame - 1)
        if position is None:
            told = words(_("{where}: frame {frame} is not here"), where=where, frame=frame) if stack else None
            self.tell(told or words(_("{where} has no picture"), where=where), "chrome.red")
            return
        if isinstance(self.page.content, DocumentPage):
            self.come_back = (self.page.content, self.page.top)
        self.page.shut()
        self.open_series(target.series, stack=stack, position=position)
        self.tell(words(_("{where} - D goes back to the report"), where=where), "chrome.accent")
