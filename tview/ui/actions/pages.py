"""Sheets over the screen: keys, palette, findings, data elements, files; saving, and leaving."""

import textwrap
from functools import partial

from tview.errors import Finding, Severity, TviewError
from tview.media import eject
from tview.text import SafeText, advice_of, message_of, safe, times_of, translate
from tview.ui.actions.base import Acting
from tview.ui.gestures import GESTURES
from tview.ui.look import Span, words
from tview.ui.popup import Line, column
from tview.ui.saving import save_view
from tview.ui.tools import shown_key

_ = str
OPEN_ANOTHER = -1


class PageActions(Acting):
    """What opens over the picture, and the ways out."""

    def _tool_lines(self, grouped: bool) -> list[Line]:
        lines: list[Line] = []
        group = ""
        tools = self.session.tools
        groups = [tool.group for tool in tools]
        for tool in tools if not grouped else sorted(tools, key=lambda tool: groups.index(tool.group)):
            if grouped and tool.group != group:
                group = tool.group
                lines.append(Line(((words(group), "panel.accent"),)))
            keys = safe("  ".join(shown_key(key, self.session.ascii_only) for key in tool.keys))
            mode = words(_("  (in {mode} mode)"), mode=tool.mode) if tool.mode else SafeText("")
            title = words(tool.title)
            lines.append(
                Line(
                    ((column(keys, 24), "panel.strong"), (title, "panel"), (mode, "panel.dim")),
                    search=f"{title} {keys} {translate(tool.group)}",
                    chosen=partial(self.use, tool),
                )
            )
        return lines

    def action_palette(self) -> None:
        """Find any action by its name."""
        self.popup.open_list(words(_("Actions")), self._tool_lines(grouped=False), self.sheet_closed, searching=True)

    def action_help(self) -> None:
        """All keys, searchable."""
        lines = [*self._tool_lines(grouped=True), *gesture_lines()]
        self.popup.open_list(words(_("Keys · review only, not a medical device")), lines, self.sheet_closed)

    def action_findings(self) -> None:
        """What is wrong on the medium and with this image, in words, with what to do."""
        lines: list[Line] = []
        here = list(self.pane.shown.findings) if self.pane.shown else []
        told = {(finding.code, finding.path) for finding in here}
        medium = [finding for finding in self.catalog.findings if (finding.code, finding.path) not in told] if self.catalog else []
        for title, findings in (
            (words(_("This image")), here),
            (words(_("The medium")), medium),
        ):
            if findings:
                lines.append(Line(((title, "panel.accent"),)))
            lines.extend(line for finding in sorted(findings, key=lambda f: f.severity.rank) for line in _finding_lines(finding))
        if not lines:
            lines.append(Line(((words(_("nothing so far")), "panel"),), search="nothing"))
        self.popup.open_list(words(_("What is wrong")), lines, self.sheet_closed, width=110)

    def action_save(self) -> None:
        """Save the frame with the window and turns it has now; asked first where names are often burned into the picture."""
        shown = self.pane.shown
        if shown is None or shown.frame is None:
            self.tell(words(_("no picture to save")))
        elif shown.recognisable:
            lines = [
                *(Line(((SafeText("! "), "panel.amber"), (text, "panel"))) for told in shown.recognisable for text in _said(told)),
                Line(((SafeText(""), "panel"),)),
                Line(((words(_("Save it")), "panel.strong"),), search="save", chosen=self._save),
                Line(((words(_("Do not save it")), "panel.strong"),), search="not", chosen=self._not_saved),
            ]
            self.popup.open_list(words(_("The patient may be recognised in this picture")), lines, self.sheet_closed, width=70)
        else:
            self._save()

    def _not_saved(self) -> None:
        self.tell(words(_("not saved")), "chrome.dim")

    def _save(self) -> None:
        shown = self.pane.shown
        if shown is None or shown.frame is None:
            return
        try:
            path = save_view(shown, [medium.source for medium in self.session.media])
        except TviewError as error:
            self.tell(error.finding)
        else:
            self.tell(words(_("saved {path} (no name in it; burned-in text stays)"), path=path), "chrome.accent")

    def action_open(self) -> None:
        """Leave these media and choose others from the list of what is there."""
        self.app.exit(OPEN_ANOTHER)

    def action_eject(self) -> None:
        """Let the drive open its tray; what has been read stays on screen."""
        drives = [medium for medium in self.session.media if medium.kind == "device" and medium.optical]
        if not drives:
            self.tell(words(_("no disc in a drive is open here")))
        for medium in drives:
            self.run_worker(partial(self._eject, medium.source), thread=True, exit_on_error=False)

    def _eject(self, path: str) -> None:
        """On a thread of its own: a drive may take seconds."""
        try:
            eject(path)
        except TviewError as error:
            self.app.call_from_thread(self.tell, error.finding)
        else:
            self.app.call_from_thread(self.tell, words(_("{path}: the tray is open"), path=path), "chrome.accent")

    def scan_again(self) -> None:
        """Read the media from the beginning, in place of a scan that is under way."""
        raise AssertionError

    def action_retry(self) -> None:
        """Read again what could not be read, with all patience: after wiping the disc, or when it is in again."""
        for medium in self.session.media:
            medium.try_again()
        self.painter.read_again()
        self.scan_again()
        for pane in self.panes:
            if pane.state.series is not None:
                self.ask(pane, moving=False)

    def action_stop_trying(self) -> None:
        """Bad spots are not read again by sectors from now on: the rest of the disc comes sooner."""
        for medium in self.session.media:
            medium.stop_trying()
        self.tell(words(_("bad spots are passed over from now on; Ctrl+R tries them again")))

    def action_back(self) -> None:
        """One step back: out of a mode, out of the cine, out of the tree. It never resets."""
        if self.page.is_open:
            self.page.shut()
        elif self.mode in ("measure", "probe"):
            self.leave_mode()
        elif self.mode:
            self.mode = ""
            self.tell(SafeText(""))
        elif self.cine_timer is not None:
            self.stop_cine()
            self.tell(SafeText(""))
        elif self.focused is self.side_tree:
            self.action_focus_other()

    def action_quit(self) -> None:
        """Leave."""
        self.app.exit(0)


def gesture_lines() -> list[Line]:
    """What the mouse does, for the key sheet."""
    lines = [Line(((words(_("Mouse")), "panel.accent"),))]
    for gesture in GESTURES:
        what, title = words(gesture.gesture), words(gesture.title)
        lines.append(Line(((column(what, 38), "panel.strong"), (title, "panel")), search=f"{what} {title} {translate('Mouse')}"))
    return lines


def _said(told: Finding) -> list[SafeText]:
    """What it is and what to do, wrapped to a narrow sheet."""
    return [SafeText(line) for text in (message_of(told), advice_of(told)) for line in textwrap.wrap(text, 64)]


_SIGNS = {Severity.ERROR: ("x", "panel.red"), Severity.WARNING: ("!", "panel.amber"), Severity.INFO: ("-", "panel.dim")}


def _finding_lines(finding: Finding) -> list[Line]:
    sign, style = _SIGNS[finding.severity]
    message, advice = message_of(finding), advice_of(finding)
    first: tuple[Span, ...] = ((SafeText(f"{sign} "), style), (message, "panel"))
    lines = [
        Line(first, ((words("{count}x", count=times_of(finding)), "panel.dim"),) if times_of(finding) > 1 else (), search=str(message))
    ]
    if finding.path:
        lines.append(Line(((SafeText("    "), "panel"), (safe(finding.path), "panel.dim")), search=f"{message} {finding.path}"))
    if advice:
        lines.append(Line(((SafeText("    "), "panel"), (advice, "panel.dim")), search=f"{message} {advice}"))
    return lines
