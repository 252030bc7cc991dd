"""What lies over an image: a sheet with names, colours and values, each on or off; presentation states; selections of key images."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from rich.style import Style

from tview import pixels
from tview.catalog import Catalog
from tview.documents import KIND_NAMES, Over, Part, Place
from tview.errors import Finding, TviewError, finding
from tview.pixels import View
from tview.text import SafeText
from tview.ui.actions.base import Acting
from tview.ui.look import Span, words
from tview.ui.marks import Key
from tview.ui.over_shelf import OPACITIES, Shelf, place_of
from tview.ui.pane import PicturePane
from tview.ui.popup import Line, column
from tview.ui.slices import Slices

_ = str
_NAMED = 3


class OverActions(Acting):
    """What the sheet and the key of presentation states do."""

    shelf: Shelf
    _views_before: dict[int, View]

    def find_overs(self, catalog: Catalog) -> None:
        """Once the medium is read: what on it lies over images, on a thread of its own."""
        if self.shelf.known_for is not catalog:
            self.shelf.known_for = catalog
            threading.Thread(target=self._find_overs, args=(catalog,), daemon=True, name="tview-over").start()

    def _find_overs(self, catalog: Catalog) -> None:
        try:
            self.shelf.find(catalog, self.painter.frames)
            if self.shelf.overs:
                self.app.call_from_thread(self._all_noted)
        except Exception:  # the door: without it nothing lies over anything, the images stay
            return

    def _all_noted(self) -> None:
        for pane in self.panes:
            if pane.shown is not None:
                self.noted(pane)

    # -- the sheet

    def action_over(self) -> None:
        """What lies over this image, to switch on and off."""
        place = self._over_place(self.pane)
        overs = self.shelf.over(place) if place is not None else []
        if place is None or not overs:
            self.tell(words(_("nothing on this medium lies over this image")), "chrome.dim")
            return
        missing = [over for over in overs if over.kind != "state" and over.uid not in self.shelf.switched]
        if missing:
            self.tell(words(_("reading what lies over this image ...")), "chrome.dim")
            self._load_overs(missing, lambda: self._open_overs(place, overs))
        else:
            self._open_overs(place, overs)

    def _load_overs(self, overs: list[Over], then: Callable[[], None]) -> None:
        self.run_worker(partial(self._load_overs_now, overs, then), thread=True, exit_on_error=False)

    def _load_overs_now(self, overs: list[Over], then: Callable[[], None]) -> None:
        """On a worker's thread."""
        told: Finding | None = None
        for over in overs:
            try:
                self.shelf.load(over, self.painter.frames, self.catalog)
            except TviewError as error:
                told = error.finding
            except Exception as error:  # the door: one object that cannot be read is said
                told = finding("internal-error", kind=type(error).__name__)
        self.app.call_from_thread(self._overs_loaded, told, then)

    def _overs_loaded(self, told: Finding | None, then: Callable[[], None]) -> None:
        self.tell(told if told is not None else SafeText(""))
        then()

    def _open_overs(self, place: Place, overs: list[Over]) -> None:
        self.popup.open_list(words(_("Over this image")), self._over_lines(place, overs), self.sheet_closed, width=92)

    def _over_lines(self, place: Place, overs: list[Over]) -> list[Line]:
        lines: list[Line] = []
        if any(known.shown for known in self.shelf.switched.values()) or self.shelf.applied.get(self.pane.number):
            lines.append(self._over_line(words(_("take everything off")), self._overs_off, place, overs))
        for over in overs:
            lines += self._lines_of_over(over, place, overs)
        return lines

    def _lines_of_over(self, over: Over, place: Place, overs: list[Over]) -> list[Line]:
        facts = [words(KIND_NAMES[over.kind]), over.made or SafeText(""), SafeText("") if self.pane.hidden else over.author or SafeText("")]
        known = self.shelf.switched.get(over.uid)
        if known is not None and known.overlaying.note:
            facts.append(known.overlaying.note)
        right: tuple[Span, ...] = ((SafeText("  ".join(fact for fact in facts if fact)), "panel.dim"),)
        another = self._over_of_another(over, self.pane)
        if another is not None:
            right = ((SafeText(f"{another}  "), "panel.amber"), *right)
        if over.kind == "state":
            is_on = self.shelf.applied.get(self.pane.number) == over.uid
            title = SafeText(f"{self._over_box(is_on)} {over.title}")
            return [
                Line(((title, "panel.strong"),), right, title, partial(self._and_renew, partial(self._apply_state, over), place, overs))
            ]
        if known is None:
            return [Line(((SafeText(f"    {over.title}"), "panel.red"),), right, over.title)]
        here, shown = known.overlaying.parts_at(place), known.shown
        all_keys = frozenset(part.key for part in known.overlaying.parts)
        switch = partial(self._switch_over, over, frozenset() if shown else known.overlaying.usual)
        mark = self._over_box(bool(shown), partly=bool(shown) and shown != all_keys)
        title = SafeText(f"{mark} {over.title}")
        lines = [Line(((title, "panel.strong"),), right, title, partial(self._and_renew, switch, place, overs))]
        lines += [self._part_line(over, part, part.key in shown, part.key in here, place, overs) for part in known.overlaying.parts]
        if shown:
            told = words(_("    opacity {percent} %, Enter changes it"), percent=round(100 * known.opacity))
            lines.append(self._over_line(told, partial(self._next_opacity, over), place, overs))
        return lines

    def _part_line(self, over: Over, part: Part, is_on: bool, is_here: bool, place: Place, overs: list[Over]) -> Line:
        shown = self.shelf.switched[over.uid].shown
        switch = partial(self._switch_over, over, shown ^ {part.key})
        left: tuple[Span, ...] = (
            (SafeText(f"    {self._over_box(is_on)} "), "panel"),
            (SafeText("## " if self.session.ascii_only else "██ "), self._swatch(part)),
            (column(part.name, 30), "panel" if is_here else "panel.dim"),
            (part.detail, "panel.dim"),
        )
        right: tuple[Span, ...] = () if is_here else ((words(_("not on this image")), "panel.dim"),)
        return Line(left, right, f"{part.name} {part.detail}", partial(self._and_renew, switch, place, overs))

    def _swatch(self, part: Part) -> str:
        """The name of the style in a part's colour."""
        red, green, blue = part.colour
        for ground in ("panel", "cursor"):
            name, style = f"{ground}.#{red:02x}{green:02x}{blue:02x}", self.look.styles[ground]
            self.look.styles.setdefault(name, Style(color=f"#{red:02x}{green:02x}{blue:02x}", bgcolor=style.bgcolor))
        return f"panel.#{red:02x}{green:02x}{blue:02x}"

    @staticmethod
    def _over_box(is_on: bool, partly: bool = False) -> str:
        return "[-]" if partly else "[x]" if is_on else "[ ]"

    def _over_line(self, text: SafeText, act: Callable[[], None], place: Place, overs: list[Over]) -> Line:
        return Line(((text, "panel.accent"),), search=text, chosen=partial(self._and_renew, act, place, overs))

    def _and_renew(self, act: Callable[[], None], place: Place, overs: list[Over]) -> None:
        """Do it, and leave the sheet open: more may be switched."""
        act()
        for pane in self.panes:
            self.ask(pane, moving=False)
            self.noted(pane)
        self.popup.renew_list(self._over_lines(place, overs))

    def _switch_over(self, over: Over, shown: frozenset[str]) -> None:
        self.shelf.switch(over.uid, shown)

    def _next_opacity(self, over: Over) -> None:
        known = self.shelf.switched[over.uid]
        following = next((step for step in OPACITIES if step > known.opacity + 1e-6), OPACITIES[0])
        self.shelf.switch(over.uid, known.shown, following)

    def _overs_off(self) -> None:
        for uid in self.shelf.switched:
            self.shelf.switch(uid, frozenset())
        self._leave_state(self.pane)

    # -- presentation states

    def action_next_state(self) -> None:
        """The next presentation state of this image; behind the last one the image as it is."""
        place = self._over_place(self.pane)
        states = [over for over in self.shelf.over(place) if over.kind == "state"] if place is not None else []
        if not states:
            self.tell(words(_("no presentation state on this medium is for this image")), "chrome.dim")
            return
        here = self.shelf.applied.get(self.pane.number)
        index = next((index for index, over in enumerate(states) if over.uid == here), -1)
        if index + 1 < len(states):
            self._apply_state(states[index + 1])
        else:
            self._leave_state(self.pane)
            self.tell(words(_("the image as it is")), "chrome.dim")
        self.ask(self.pane, moving=False)
        self.noted(self.pane)

    def _apply_state(self, over: Over) -> None:
        """Draw the pane with this state; with the one it has, leave it."""
        pane, shown = self.pane, self.pane.shown
        if self.shelf.applied.get(pane.number) == over.uid:
            self._leave_state(pane)
            return
        state = self.shelf.state(over, self.painter.frames)
        if isinstance(state, Finding):
            self.tell(state)
            return
        if shown is None or shown.frame is None or shown.rendered is None:
            return
        rows, columns = shown.rendered.picture.shape[:2]
        uid = shown.request.slices[shown.request.position].instance.sop_instance_uid or ""
        made = pixels.apply_presentation_state(state, shown.frame, uid, rows, columns, view=pane.state.view)
        if state.kind == "blending":
            made = replace(made, view=self._views_before.get(pane.number, pane.state.view))
        self._views_before.setdefault(pane.number, pane.state.view)
        self.shelf.applied = {**self.shelf.applied, pane.number: over.uid}
        pane.state.view = made.view
        by = f" ({over.author})" if over.author and not pane.hidden else ""
        self.tell(
            made.marks[0] if made.marks else words(_("as presented in {title}{by}; \\ goes on"), title=over.title, by=by), "chrome.accent"
        )

    def _leave_state(self, pane: PicturePane) -> None:
        if self.shelf.applied.get(pane.number):
            self.shelf.applied = {number: uid for number, uid in self.shelf.applied.items() if number != pane.number}
            pane.state.view = self._views_before.pop(pane.number, View())

    def settled(self, pane: PicturePane) -> None:
        """A state ends with the image that it is for."""
        super().settled(pane)
        uid, place = self.shelf.applied.get(pane.number), self._over_place(pane)
        over = next((over for over in self.shelf.overs if over.uid == uid), None)
        if uid and (place is None or over is None or not over.names(place.sop_instance_uid, place.frame_number)):
            self.shelf.applied = {number: known for number, known in self.shelf.applied.items() if number != pane.number}
            before = self._views_before.pop(pane.number, View())
            pane.state.view = replace(before, window=pane.state.view.window)
            self.ask(pane, moving=False)

    # -- what is said

    def _over_place(self, pane: PicturePane) -> Place | None:
        shown = pane.shown
        if shown is None or shown.frame is None or not len(shown.request.slices):
            return None
        return place_of(shown.request.slices[shown.request.position], shown.frame)

    def over_notes(self, pane: PicturePane) -> list[SafeText]:
        """What is drawn over the picture, or that something could be; and which selections name the image."""
        place = self._over_place(pane)
        if place is None or not self.shelf.overs:
            return []
        notes = [words(_("key image: {title}"), title=over.title) for over in self.shelf.selections(place)[:1]]
        overs = self.shelf.over(place)
        applied = next((over for over in overs if over.uid == self.shelf.applied.get(pane.number)), None)
        if applied is not None:
            notes.append(words(_("as presented: {title}"), title=applied.title))
        notes += [words(_("cannot be drawn: {title}"), title=over.title) for over in overs if over.uid in self.shelf.undrawable]
        switched = [over for over in overs if over.uid in self.shelf.switched and self.shelf.switched[over.uid].shown]
        used = [*switched, *self.shelf.selections(place), *([applied] if applied is not None else ())]
        told = [another for over in used if (another := self._over_of_another(over, pane)) is not None]
        notes += [words(_("over it: of {another}"), another=another) for another in told[:1]]
        drawn = self._drawn_overs(overs, place)
        if drawn:
            more = f" +{len(drawn) - _NAMED}" if len(drawn) > _NAMED else ""
            notes.append(words(_("drawn: {names}"), names=", ".join(drawn[:_NAMED]) + more))
        elif overs and applied is None:
            notes.append(words(_("{count} lie over this: U"), count=len(overs)) if len(overs) > 1 else words(_("1 lies over this: U")))
        return notes

    @staticmethod
    def _over_of_another(over: Over, pane: PicturePane) -> SafeText | None:
        """What it and the image name differently of whose they are; None when they agree, or do not say."""
        facts = pane.shown.facts if pane.shown is not None else None
        if facts is None:
            return None
        for told, mine, its in (
            (_("ANOTHER PATIENT ID"), facts.patient_id, over.patient_id),
            (_("ANOTHER BIRTH DATE"), facts.birth_date, over.birth_date),
            (_("ANOTHER PATIENT NAME"), facts.patient_name, over.patient_name),
        ):
            if mine and its and _letters(mine) != _letters(its):
                return words(told)
        return None

    def _drawn_overs(self, overs: list[Over], place: Place) -> list[str]:
        named: list[str] = []
        for over in overs:
            known = self.shelf.switched.get(over.uid)
            if known is not None and known.shown:
                here = known.overlaying.parts_at(place) & known.shown
                named += [part.name for part in known.overlaying.parts if part.key in here]
        return named

    def selected_images(self) -> list[tuple[Key, str, str]]:
        """The images that selections on the medium name, in the order of the tree: as `Marks.key_images`."""
        selections = [over for over in self.shelf.overs if over.kind == "key-images"]
        found: list[tuple[Key, str, str]] = []
        for series in self.catalog.series if self.catalog is not None and selections else ():
            for stack in series.stacks:
                for instance in Slices(stack).instances:
                    frames = {frame for over in selections for frame in _frames(over, instance.sop_instance_uid)}
                    found += [((instance.source_number, instance.path, frame - 1, ""), series.key, stack.key) for frame in sorted(frames)]
        return found


def _letters(text: SafeText) -> str:
    """Without what systems write differently: case, spaces, commas."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _frames(over: Over, uid: str | None) -> tuple[int, ...]:
    """The frames (from 1) of an image that a selection names; of all of them the first."""
    frames = over.images.get(uid or "")
    return () if frames is None else frames or (1,)


__all__ = ["OverActions"]
