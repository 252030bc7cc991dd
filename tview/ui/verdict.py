"""The verdict as a page of the viewer: judged on a thread of its own, behind what is looked at; every finding leads to its object."""

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from tview.dicom import Limits
from tview.errors import Finding, Severity, TviewError, finding
from tview.media import BEHIND, Medium
from tview.text import SafeText, advice_of, clip, message_of, safe
from tview.ui.look import Span, words
from tview.ui.popup import Line

if TYPE_CHECKING:
    from tview.verify import ExamRow, Progress, Verdict

_ = str
_LABEL = 9
_NARROW = 100
_EVERY_S = 0.25
_MOST = 2000
_STYLES = {"✗": "panel.red", "X": "panel.red", "!": "panel.amber", "✓": "panel.green", "OK": "panel.green"}
_SIGNS = {Severity.ERROR: ("✗", "X"), Severity.WARNING: ("!", "!"), Severity.INFO: ("·", "-")}


class Judged(Message):
    """The verdict, or how far it is, has changed."""


class Judging:
    """The verdicts on the media of a viewer, each None until it has been judged. `level` is that of the run under way, or of the last one.

    The values are set by one thread and read by the screen's; `changed` is called on that thread.
    """

    def __init__(self, media: Sequence[Medium], limits: Limits, changed: Callable[[], None]) -> None:
        self._media, self._limits, self._changed = media, limits, changed
        self.verdicts: list[Verdict | None] = [None] * len(media)
        self.told: Finding | None = None
        self.level = ""
        self.progress: Progress | None = None
        self._began = self._said = 0.0
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether a run is under way."""
        return self._thread is not None

    def start(self, level: str) -> None:
        """Judge all media to this level, unless a run is under way."""
        if self._thread is None:
            self.level, self.progress, self.told = level, None, None
            self._stop.clear()
            self._began = time.monotonic()
            self._thread = threading.Thread(target=self._run, daemon=True, name="verdict")
            self._thread.start()

    def stop(self) -> None:
        """End the run soon; what was found until then is the verdict so far."""
        self._stop.set()

    @property
    def seconds_left(self) -> float | None:
        """By the pace until now; None where there is none yet."""
        progress, spent = self.progress, time.monotonic() - self._began
        if progress is None or not progress.done or spent < 1:
            return None
        return (progress.total - progress.done) * spent / progress.done

    def _run(self) -> None:
        from tview.verify import Options, verify

        try:
            with BEHIND:
                for number, medium in enumerate(self._media):
                    verdict = verify(
                        medium, Options(level=self.level), progress=self._progressed, stopped=self._stop.is_set, limits=self._limits
                    )
                    before = self.verdicts[number]
                    if verdict.finished or before is None:
                        self.verdicts[number] = verdict
                    if self._stop.is_set():
                        break
        except TviewError as error:
            self.told = error.finding
        except Exception as error:  # the thread's door
            self.told = finding("internal-error", kind=type(error).__name__)
        finally:
            self._thread = None
            self._changed()

    def _progressed(self, progress: "Progress") -> None:
        # A run goes without the collector; beside a viewer, for minutes, its garbage has to be taken away.
        gc.enable()
        self.progress = progress
        now = time.monotonic()
        if now - self._said >= _EVERY_S:
            self._said = now
            self._changed()


class Doing(NamedTuple):
    """What the page asks of the viewer."""

    follow: Callable[[int, Finding], Callable[[], None] | None]
    """To the object of a finding on the medium of this number; None where it leads nowhere."""
    follow_exam: "Callable[[ExamRow], Callable[[], None] | None]"
    save: Callable[[str], None]
    """Write "letter" or "html" to a file."""
    unlock: Callable[[], None]
    """Name other persons, or withhold them again."""


class VerdictPage:
    """What the page shows. `is_unlocked` says whether other persons are named, `is_hidden` whether nobody is."""

    def __init__(self, judging: Judging, doing: Doing, is_hidden: Callable[[], bool], ascii_only: bool) -> None:
        self._judging, self._doing, self._ascii = judging, doing, ascii_only
        self._is_hidden = is_hidden
        self.is_unlocked = False
        self.study_in_view: str | None = None
        self._notes = False

    @property
    def title(self) -> SafeText:
        """With the label that every page of the program has."""
        return words(_("Verdict · review only, not a medical device"))

    @property
    def keys(self) -> Sequence[tuple[str, SafeText]]:
        """For the last row, the most useful first."""
        if self._judging.is_running:
            return [("s", words(_("stop")))]
        keys = [("Tab Enter", words(_("go to")))]
        levels = {verdict.level for verdict in self._judging.verdicts if verdict is not None and verdict.finished}
        if not levels & {"bytes", "pixels"}:
            keys.append(("b", words(_("every byte"))))
        if "pixels" not in levels:
            keys.append(("x", words(_("pixels"))))
        keys += [("f", words(_("notes")))]
        if any(verdict is not None and len(verdict.person.persons) > 1 for verdict in self._judging.verdicts):
            keys.append(("~", words(_("one name") if self.is_unlocked else _("all names"))))
        return [*keys, ("a", words(_("letter"))), ("h", words(_("HTML")))]

    def key(self, key: str) -> bool:
        """Its own keys."""
        if key in ("b", "x"):
            self._judging.start("bytes" if key == "b" else "pixels")
        elif key == "s":
            self._judging.stop()
        elif key == "f":
            self._notes = not self._notes
        elif key == "tilde":
            self._doing.unlock()
        elif key in ("a", "h"):
            self._doing.save("letter" if key == "a" else "html")
        else:
            return False
        return True

    def lines(self, width: int) -> Sequence[Line]:
        """How far it is, then the verdicts, one under the other."""
        lines = list(self._progress_lines(width))
        for number, verdict in enumerate(self._judging.verdicts):
            if verdict is not None:
                if len(self._judging.verdicts) > 1:
                    lines.append(Line(((SafeText(" "), "panel"), (verdict.source, "panel.accent"))))
                lines += self._verdict_lines(number, verdict, width)
                lines.append(Line(()))
        return lines

    def _progress_lines(self, width: int) -> Iterator[Line]:
        judging = self._judging
        if judging.told is not None:
            yield Line(((safe(f" ! {message_of(judging.told)} {advice_of(judging.told)}"), "panel.amber"),), search="!")
        if judging.is_running:
            what = {"headers": _("opening every object"), "bytes": _("reading every byte"), "pixels": _("reading and decoding everything")}
            text = f" {words(what[judging.level])}"
            if judging.progress is not None:
                progress = judging.progress
                text += f"   {progress.done / 1e6:.0f} / {progress.total / 1e6:.0f} MB   {progress.files} / {progress.files_total}"
                left = judging.seconds_left
                text += f"   {int(left) // 60}:{int(left) % 60:02d} {words(_('left'))}" if left is not None else ""
            yield Line(((safe(clip(safe(text), width)), "panel.amber"),), search=" ")
            yield Line(())

    def shown(self, verdict: "Verdict") -> "Verdict":
        """As it may be seen now: with the name of the person in view, or of the first one."""
        from tview.verify import withheld

        if self._is_hidden():
            return withheld(verdict, -1)
        if self.is_unlocked:
            return verdict
        every = enumerate(verdict.person.persons)
        return withheld(verdict, next((place for place, one in every if self.study_in_view in one.study_instance_uids), 0))

    def _verdict_lines(self, number: int, verdict: "Verdict", width: int) -> Iterator[Line]:
        from tview.verify import page_rows

        shown = self.shown(verdict)
        exams = iter(shown.exams)
        section = ""
        for label, mark, text in page_rows(shown, ascii_only=self._ascii, narrow=width < _NARROW):
            section = label or section
            if section not in ("IMAGES", "PERSON", "EXAMS", "DO", "ALSO", "SURE"):
                break
            if section == "PERSON" and self._is_hidden():
                if label:
                    yield from self._wrapped(label, mark, str(words(_("names hidden (p)"))), width)
                continue
            is_exam = section == "EXAMS" and not text.startswith(" ")  # on a narrow page each has a second row
            chosen = self._doing.follow_exam(next(exams)) if is_exam else None
            # The option of the command line is a key here.
            yield from self._wrapped(label, mark, text.replace("--show-all-persons", "~"), width, chosen)
        yield from self._finding_lines(number, shown, width)

    def _finding_lines(self, number: int, verdict: "Verdict", width: int) -> Iterator[Line]:
        from tview.verify import finding_text

        listed = [told for told in verdict.findings if self._notes or told.severity is not Severity.INFO]
        for place, told in enumerate(listed[:_MOST]):
            label = "FOUND" if not place else ""
            chosen = self._doing.follow(number, told)
            yield from self._wrapped(label, _SIGNS[told.severity][self._ascii], finding_text(told), width, chosen)
        if len(listed) > _MOST:
            yield from self._wrapped("", "", words(_("and {count} more"), count=len(listed) - _MOST), width)

    def _wrapped(self, label: str, mark: str, text: str, width: int, chosen: Callable[[], None] | None = None) -> Iterator[Line]:
        from tview.verify.page import label_text, wrapped

        indent = len(mark) + 1 if mark else 2 if text.startswith("  ") else 0
        for number, part in enumerate(wrapped(text, max(20, width - _LABEL - indent - (4 if chosen is not None else 0)))):
            left: list[Span] = [(safe(f" {label_text(label) if not number else '':<{_LABEL - 2}} "), "panel.accent")]
            if mark:
                left.append((safe(f"{mark if not number else ' ' * len(mark)} "), _STYLES.get(mark, "panel.dim")))
            elif indent and number:
                left.append((SafeText("  "), "panel"))
            left.append((safe(part), "panel"))
            right = ((SafeText("↵ " if not self._ascii else "> "), "panel.dim"),) if chosen is not None and not number else ()
            yield Line(tuple(left), right, search=text or " ", chosen=chosen if not number else None)
