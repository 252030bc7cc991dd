"""What the tools do: one method ``action_<name>`` for each action of TOOLS, on the state of the screen."""

import re
import textwrap
from dataclasses import replace
from functools import partial

from textual.screen import Screen
from textual.timer import Timer

from tview.catalog import Catalog, OtherFile, Series, Stack, Study
from tview.errors import Finding, Severity, TviewError
from tview.media import eject, entry_reader
from tview.pixels import View
from tview.text import SafeText, advice_of, message_of, safe, safe_lines, times_of, translate
from tview.ui import views
from tview.ui.look import Look, Span, words
from tview.ui.painter import Painter
from tview.ui.pane import PicturePane
from tview.ui.popup import Line, Popup, column
from tview.ui.saving import save_view
from tview.ui.session import Session
from tview.ui.slices import Slices
from tview.ui.tools import TOOLS, Tool, shown_key
from tview.ui.tree import CatalogTree

_ = str
OPEN_ANOTHER = -1
_MOST_TEXT = 256 << 10
_CINE_RATES = (0.5, 1, 2, 3, 5, 7, 10, 12, 15, 20, 25, 30, 40, 60)


class Actions(Screen[int]):
    """The acting half of the main screen; the other half lays out, listens to threads and takes keys."""

    session: Session
    look: Look
    catalog: Catalog | None
    side_tree: CatalogTree
    panes: list[PicturePane]
    popup: Popup
    painter: Painter
    mode: str
    folded: bool | None
    cine_timer: Timer | None
    cine_fps: float
    touched: bool

    def ask(self, pane: PicturePane, moving: bool = True) -> None:
        """Ask for the pane's picture."""
        raise AssertionError

    def tell(self, told: Finding | SafeText, style: str = "chrome.amber") -> None:
        """An answer in the last line."""
        raise AssertionError

    def place(self) -> None:
        """Lay out again."""
        raise AssertionError

    def tick(self) -> None:
        """One step of the cine."""
        raise AssertionError

    @property
    def pane(self) -> PicturePane:
        """The pane that tools act on."""
        return self.panes[0]

    def use(self, tool: Tool) -> None:
        """Run a tool, from its key, the palette or the key sheet."""
        self.touched = True
        method = getattr(self, f"action_{tool.action}")
        if tool.argument is None:
            method()
        else:
            method(tool.argument)

    # -- images

    def show_position(self, position: int) -> None:
        """Show another slice of the stack; at its ends nothing happens."""
        pane = self.pane
        count = len(pane.slices)
        position = max(0, min(count - 1, position))
        if count and position != pane.state.position:
            pane.state.position = position
            self.ask(pane)

    def action_scroll(self, steps: int) -> None:
        """Images on or back."""
        self.show_position(self.pane.state.position + steps)

    def action_first(self) -> None:
        """The first image."""
        self.show_position(0)

    def action_last(self) -> None:
        """The last image."""
        self.show_position(len(self.pane.slices) - 1)

    def action_go(self) -> None:
        """Ask for series/image and go there."""
        self.popup.open_prompt(words(_("Go to series/image")), self._go, self._go_hint, self.sheet_closed)

    def _go_hint(self, text: str) -> SafeText:
        try:
            number, image, _frame = _parse_go(text)
        except ValueError:
            return words(_("series/image as a report names it: 4/207; 207 in this series; 4/1/12 for a frame"))
        found = self._find(number, image)
        if found is None:
            return words(_("no such image here"))
        study, series, _stack, _position = found
        where = words(_("series {series} {title}"), series=series.series_number or "?", title=series.shown_title)
        return where if study is self.pane.state.study else words(_("{where} of another exam, {exam}"), where=where, exam=study.shown_title)

    def _numbered(self, number: int | None) -> list[tuple[Study, Series]]:
        """The series with a number, this exam's first; the one shown for None."""
        state = self.pane.state
        studies = sorted(self._studies(), key=lambda study: state.study is None or study.key != state.study.key)
        every = [(study, series) for study in studies for series in study.series]
        if number is None:
            return [pair for pair in every if state.series is not None and pair[1].key == state.series.key]
        return [pair for pair in every if pair[1].series_number == number]

    def _find(self, number: int | None, image: int | None) -> tuple[Study, Series, Stack | None, int | None] | None:
        """What a report means: a series that has the image comes before one that has not."""
        candidates = self._numbered(number)
        if image is None:
            return (*candidates[0], None, None) if candidates else None
        for study, series in candidates:
            for stack in series.stacks:
                position = Slices(stack).position_of_number(image)
                if position is not None:
                    return study, series, stack, position
        return None

    def _go(self, text: str) -> None:
        try:
            number, image, frame = _parse_go(text)
        except ValueError:
            self.tell(words(_("{text!r} is not series/image, such as 4/207"), text=text))
            return
        found, candidates = self._find(number, image), self._numbered(number)
        if found is not None:
            _study, series, stack, position = found
            self.open_series(series, stack=stack, position=position if not frame or position is None else position + frame - 1)
        elif image is not None and any(Slices(stack).is_missing(image) for _study, series in candidates for stack in series.stacks):
            self.tell(words(_("image {image} is listed on this medium and is not there"), image=image), "chrome.red")
        elif candidates:
            self.tell(
                words(_("series {series} has no image {image} here"), series=candidates[0][1].series_number or "?", image=image or "?")
            )
        else:
            self.tell(words(_("there is no series {series} here"), series=number or "?"))

    # -- cine

    def action_cine(self) -> None:
        """Play or stop. The rate is the file's, else the setting's."""
        if self.cine_timer is not None:
            self.stop_cine()
            self.tell(words(_("stopped")), "chrome.dim")
            return
        if len(self.pane.slices) < 2:
            self.tell(words(_("one image: nothing to play")))
            return
        self.cine_fps = self.cine_fps or self.pane.cine_rate or self.session.settings.cine_fps
        self._play()

    def _play(self) -> None:
        self.stop_cine()
        self.cine_timer = self.set_interval(1 / self.cine_fps, self.tick)
        self.tell(words(_("playing at up to {fps} images/s; , and . change it, space stops"), fps=f"{self.cine_fps:g}"), "chrome.accent")

    def stop_cine(self) -> None:
        """Stand still."""
        if self.cine_timer is not None:
            self.cine_timer.stop()
            self.cine_timer = None

    def action_cine_rate(self, step: int) -> None:
        """Slower or faster."""
        now = self.cine_fps or self.pane.cine_rate or self.session.settings.cine_fps
        if step > 0:
            self.cine_fps = next((rate for rate in _CINE_RATES if rate > now), _CINE_RATES[-1])
        else:
            self.cine_fps = next((rate for rate in reversed(_CINE_RATES) if rate < now), _CINE_RATES[0])
        if self.cine_timer is not None:
            self._play()
        else:
            self.tell(words(_("cine rate {fps} images/s"), fps=f"{self.cine_fps:g}"), "chrome.dim")

    # -- series, studies, patients

    def _studies(self) -> list[Study]:
        return [study for patient in self.catalog.patients for study in patient.studies] if self.catalog else []

    def open_first(self) -> None:
        """The middle image of the series a reader would open first."""
        if self.catalog is None:
            return
        series = self.catalog.first_series
        if series is not None:
            self.open_series(series)

    def open_series(self, series: Series, stack: Stack | None = None, position: int | None = None) -> None:
        """Show a series: the stack asked for or its main one, at its middle unless a position is asked for."""
        pane = self.pane
        self.stop_cine()
        self.cine_fps = 0.0
        chosen = stack if stack is not None else series.main_stack
        study = next((s for s in self._studies() if any(candidate.key == series.key for candidate in s.series)), None)
        if chosen is None or study is None:
            return
        pane.choose(study, series, chosen, position)
        self.side_tree.mark(series.key, chosen.key)
        self.mode = ""
        self.tell(SafeText(""))
        if not len(pane.slices):
            pane.clear(words(_("Nothing of this series can be shown.")), *self._reasons(series))
            self.ask(pane, moving=False)
            return
        if self.folded is None:
            self.place()
        self.ask(pane, moving=False)

    def _reasons(self, series: Series) -> list[SafeText]:
        return [message_of(finding) for finding in series.findings[:3]]

    def follow(self, pane: PicturePane) -> None:
        """After a new snapshot: the pane keeps its image, found again in the fuller stack."""
        assert self.catalog is not None
        series = pane.state.series
        if series is None:
            return
        for study in self._studies():
            for candidate in study.series:
                if candidate.key == series.key:
                    pane.refound(study, candidate)
                    if pane.state.stack is not None:
                        self.side_tree.follow(candidate.key, pane.state.stack.key)
                    return

    def action_series(self, step: int) -> None:
        """The next or previous series in the order of the tree; a series that is split is gone through stack by stack."""
        places = [(series, stack) for study in self._studies() for series in study.series for stack in series.stacks]
        keys = [(series.key, stack.key) for series, stack in places]
        state = self.pane.state
        here = (state.series.key, state.stack.key) if state.series is not None and state.stack is not None else None
        target = keys.index(here) + step if here in keys else 0
        if 0 <= target < len(places):
            self.open_series(places[target][0], stack=places[target][1])
        else:
            self.tell(words(_("this is the last one") if step > 0 else _("this is the first one")), "chrome.dim")

    def _step_group(self, groups: list[list[Series]], step: int) -> None:
        current = self.pane.state.series
        place = next((i for i, group in enumerate(groups) if current is not None and any(s.key == current.key for s in group)), 0)
        target = place + step
        if 0 <= target < len(groups) and groups[target]:
            best = max(groups[target], key=lambda series: series.image_count)
            self.open_series(best if step else groups[target][0])
        else:
            self.tell(words(_("there is no further one")), "chrome.dim")

    def action_study(self, step: int) -> None:
        """The next or previous study."""
        self._step_group([list(study.series) for study in self._studies()], step)

    def action_patient(self, step: int) -> None:
        """The next or previous patient."""
        patients = self.catalog.patients if self.catalog else ()
        self._step_group([[series for study in patient.studies for series in study.series] for patient in patients], step)

    def action_fold(self) -> None:
        """Show or hide the tree; the keys stay with the picture."""
        self.folded = bool(self.query_one("#side").display)
        self.place()
        self.pane.focus()

    def action_focus_other(self) -> None:
        """Between tree and picture; a folded tree unfolds."""
        if self.focused is self.side_tree:
            if self.app.size.width < 100:
                self.folded = True
                self.place()
            self.pane.focus()
        else:
            self.folded = False
            self.place()
            self.side_tree.focus()

    # -- window

    def action_mode(self, mode: str) -> None:
        """Give the arrow keys to a tool; the same key again takes them back."""
        self.mode = "" if self.mode == mode else mode
        self.tell(SafeText(""))

    def change_view(self, view: View) -> None:
        """Keep a new view and ask for its picture."""
        pane = self.pane
        if view != pane.state.view:
            pane.state.view = view
            self.ask(pane)

    def window_by(self, width_steps: float, level_steps: float) -> None:
        """Change the window in force; colour has none."""
        window = self.pane.window
        if window is None:
            self.tell(words(_("a colour picture has no window")))
            return
        self.change_view(self.pane.state.view.windowed(views.windowed(window, width_steps, level_steps)))

    def action_window_width(self, steps: int) -> None:
        """Wider or narrower."""
        self.window_by(steps, 0)

    def action_window_level(self, steps: int) -> None:
        """Level up or down."""
        self.window_by(0, steps)

    def action_brightness(self, steps: int) -> None:
        """Brighter or darker, whatever the photometric interpretation."""
        self.window_by(0, -3 * steps * (-1 if self.pane.is_inverted else 1))

    def action_preset(self, digit: int) -> None:
        """0 full range, 1 and 2 the file's windows, 3 to 9 the presets of the modality."""
        told = self.pane.preset(digit)
        if isinstance(told, View):
            self.change_view(told)
        else:
            self.tell(told)

    def action_invert(self) -> None:
        """The negative."""
        self.change_view(self.pane.state.view.inverted())

    # -- zoom and pan

    def action_zoom(self, steps: float) -> None:
        """Larger or smaller."""
        if (rendered := self.pane.rendered) is not None:
            self.change_view(views.zoomed(self.pane.state.view, rendered, steps))

    def action_fit(self) -> None:
        """The whole image."""
        self.change_view(self.pane.state.view.fitted())

    def action_native(self) -> None:
        """1:1."""
        if (rendered := self.pane.rendered) is not None:
            self.change_view(views.native(self.pane.state.view, rendered))

    def action_pan(self, direction: str) -> None:
        """An eighth of the pane."""
        if (rendered := self.pane.rendered) is not None:
            rows, columns = rendered.picture.shape[:2]
            right, down = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}[direction]
            self.change_view(views.panned(self.pane.state.view, rendered, -right * columns / 8, -down * rows / 8))

    def pan_by_cells(self, across: int, down: int) -> None:
        """The picture follows the mouse."""
        if (rendered := self.pane.rendered) is not None:
            rows, columns = rendered.picture.shape[:2]
            hole = self.pane.hole
            moved = views.panned(self.pane.state.view, rendered, across * columns / hole.width, down * rows / hole.height)
            self.change_view(moved)

    # -- picture

    def action_mirror(self) -> None:
        """Left and right exchanged."""
        self.change_view(self.pane.state.view.mirrored())

    def action_flip(self) -> None:
        """Top and bottom exchanged."""
        self.change_view(self.pane.state.view.flipped())

    def action_turn(self, quarters: int) -> None:
        """A quarter turn."""
        self.change_view(self.pane.state.view.turned(quarters))

    def action_overlays(self) -> None:
        """Draw the file's overlay planes, or not."""
        shown = self.pane.shown
        if shown is not None and shown.frame is not None and not shown.frame.overlays:
            self.tell(words(_("this image has no overlay planes")))
            return
        self.pane.overlays = not self.pane.overlays
        self.ask(self.pane)
        self.tell(words(_("overlay planes on") if self.pane.overlays else _("overlay planes off")), "chrome.dim")

    def action_interpolation(self) -> None:
        """Smooth, plain pixels, and the two ways that sharpen edges and may draw rims beside them."""
        view = self.pane.state.view
        names = {
            "linear": _("smooth"),
            "nearest": _("plain pixels"),
            "cubic": _("cubic: edges may have a rim"),
            "lanczos": _("Lanczos: edges may have a rim"),
        }
        order = list(names)
        chosen = order[(order.index(view.interpolation) + 1) % len(order)]
        self.change_view(replace(view, interpolation=chosen))
        self.tell(words(names[chosen]), "chrome.dim")

    def action_annotations(self) -> None:
        """Full, no names, none: identity, number of images missing and the label stay in the outer lines always."""
        pane = self.pane
        pane.annotations = (pane.annotations + 1) % 3
        pane.hidden = pane.annotations > 0
        self.refresh_identity()
        self.tell(words((_("corner text: full"), _("corner text: no names"), _("corner text: none"))[pane.annotations]), "chrome.dim")

    def action_mask(self) -> None:
        """Hide names and numbers in our own text."""
        self.pane.hidden = not self.pane.hidden
        self.refresh_identity()
        self.tell(words(_("our own text only: what is burned into a picture stays") if self.pane.hidden else _("names shown")))

    def refresh_identity(self) -> None:
        """After the mask changed."""
        raise AssertionError

    def action_reset(self) -> None:
        """The view as it was when the series was opened."""
        self.change_view(View())
        self.mode = ""

    # -- pages

    def sheet_closed(self) -> None:
        """The pane has the keys again, and its picture if the sheet lay over it."""
        raise AssertionError

    def _tool_lines(self, grouped: bool) -> list[Line]:
        lines: list[Line] = []
        group = ""
        for tool in TOOLS if not grouped else sorted(TOOLS, key=lambda tool: [t.group for t in TOOLS].index(tool.group)):
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
        self.popup.open_list(words(_("Keys · review only, not a medical device")), self._tool_lines(grouped=True), self.sheet_closed)

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

    def action_tags(self) -> None:
        """The data elements of the object shown."""
        try:
            lines = self.pane.element_lines(self.painter)
        except TviewError as error:
            self.tell(error.finding)
            return
        if lines:
            self.popup.open_list(words(_("Data elements")), lines, self.sheet_closed, width=130)
        else:
            self.tell(words(_("no object is shown")))

    def action_save(self) -> None:
        """Save the frame with the window and turns it has now; asked first where names are often burned into the picture."""
        shown = self.pane.shown
        if shown is None or shown.frame is None:
            self.tell(words(_("no picture to save")))
        elif shown.may_name_someone:
            title = words(_("Names may be burned into this picture. Save it?"))
            self.popup.open_prompt(title, self._save_if, lambda _text: words(_("yes and Enter saves, Esc does not")), self.sheet_closed)
        else:
            self._save()

    def _save_if(self, answer: str) -> None:
        if answer.strip().casefold() in ("y", "yes"):
            self._save()
        else:
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

    def show_file(self, file: OtherFile) -> None:
        """The text of a text file; of anything else what it is."""
        if file.kind != "text" or file.size > _MOST_TEXT:
            told = (
                _("{path}: {kind}, {size} bytes; never run")
                if file.kind == "program"
                else _("{path}: {kind}, {size} bytes; not opened here")
            )
            self.tell(words(told, path=file.path, kind=file.kind, size=file.size))
            return
        reader = entry_reader(self.session.media[file.source_number], file.path)
        try:
            text = safe_lines(reader(0, _MOST_TEXT)) if reader is not None else SafeText("")
        except TviewError as error:
            self.tell(error.finding)
            return
        parts = [part for row in text.split("\n") for part in textwrap.wrap(row, 96) or [""]]
        lines = [Line(((SafeText(part), "panel"),), search=part or " ") for part in parts]
        self.popup.open_list(safe(file.path), lines, self.sheet_closed, width=100)

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

    def action_back(self) -> None:
        """One step back: out of a mode, out of the cine, out of the tree. It never resets."""
        if self.mode:
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


def _parse_go(text: str) -> tuple[int | None, int | None, int | None]:
    """(series, image, frame) of "4/207", "4/", "207", "4/1/12". Raises `ValueError`."""
    match = re.fullmatch(r"\s*(?:(\d{1,9})\s*/)?\s*(\d{1,9})?\s*(?:/\s*(\d{1,9}))?\s*", text)
    if match is None or not (match[1] or match[2]):
        raise ValueError(text)
    series, image, frame = (int(part) if part else None for part in match.groups())
    return series, image, frame


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
