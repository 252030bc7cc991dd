"""Panes that go together: scrolled by patient position, zoomed and windowed in step; lines and a point of one pane in the others."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tview import pixels
from tview.pixels import View
from tview.text import SafeText, translate
from tview.ui.actions.base import Acting
from tview.ui.area import ARRANGEMENTS
from tview.ui.cuts import Cuts
from tview.ui.lines import Lines, are_the_same, line_marks, placed_geometry
from tview.ui.links import Spot, linked_position, spot_of
from tview.ui.look import words
from tview.ui.pane import PicturePane
from tview.ui.priors import prior_of

if TYPE_CHECKING:
    from tview.pixels import Drawing, Geometry

_ = str
LINKS: tuple[tuple[str, str], ...] = (("scroll", _("scroll")), ("zoom", _("zoom and pan")), ("window", _("window")))
"""What panes can have in common."""


class LinkActions(Acting):
    """What the other panes do when one is moved."""

    drawn_lines: dict[int, Lines]
    anchors: dict[int, tuple[str, int, float | None]]
    """By pane: the stack, the position and the place along its normal that the reader has set beside those of the others."""

    def action_link(self, what: str) -> None:
        """Have this in common with the other panes, or not any more; scrolling starts from the images shown now."""
        if len(self.panes) < 2:
            self.tell(words(_("one pane: | shows two")))
            return
        self.linked ^= {what}
        if what == "scroll":
            self.anchors = {}
            for pane in self.panes:
                self._anchor(pane)
        self._say_links()
        names = ", ".join(translate(title) for name, title in LINKS if name in self.linked)
        told = words(_("linked: {what}{how}"), what=names, how=self._how()) if names else words(_("not linked"))
        self.tell(told, "chrome.accent" if what in self.linked else "chrome.dim")
        if what in self.linked:
            self.scrolled(self.pane)
            self.viewed(self.pane)

    def _how(self) -> str:
        """What scrolling goes by, where that is not the patient position alone."""
        if "scroll" not in self.linked:
            return ""
        kinds = {self._kind_of_link(pane) for pane in self.panes if pane is not self.pane}
        told = {
            "anchors": _(": no shared frame of reference, so the images shown now are taken as the same place"),
            "steps": _(": image by image, for positions or planes do not allow more"),
        }
        return "".join(str(words(told[kind])) for kind in ("anchors", "steps") if kind in kinds)

    def _kind_of_link(self, pane: PicturePane) -> str:
        source, target = self._spot(self.pane), self._spot(pane)
        if source is None or target is None or not self._places_known(source, target):
            return "steps"
        if linked_position(source, source.position, target, (0.0, 0.0)) is None:
            return "steps"
        return "position" if pixels.share_frame(source.geometry, target.geometry) else "anchors"

    @staticmethod
    def _places_known(source: Spot, target: Spot) -> bool:
        return all(place is not None for spot in (source, target) for place in (*spot.places[:1], *spot.places[-1:]))

    def _say_links(self) -> None:
        for pane in self.panes:
            told: SafeText | None = None
            if self.linked:
                by_hand = "scroll" in self.linked and pane is not self.pane and self._kind_of_link(pane) != "position"
                told = words(_("linked by hand") if by_hand else _("linked"))
            if told != pane.link_words:
                pane.link_words = told
                pane.refresh()

    def _spot(self, pane: PicturePane) -> Spot | None:
        shown = pane.shown
        if shown is None or shown.request.slices is not pane.state.slices:
            return None
        return spot_of(shown, self.painter.places_of(pane.slices))

    def _anchor(self, pane: PicturePane) -> tuple[int, float | None]:
        """Where the pane stood when it was linked; a stack opened since then is taken as it stands now."""
        state, key = pane.state, pane.state.stack.key if pane.state.stack else ""
        known = self.anchors.get(pane.number)
        if known is None or known[0] != key:
            spot = self._spot(pane)
            known = self.anchors[pane.number] = (key, state.position, spot.place_at(state.position) if spot else None)
        return known[1], known[2]

    def scrolled(self, pane: PicturePane, before: int | None = None) -> None:
        """Take the other panes along, when they are linked; `before` is where the pane stood until now. Lines move in any case."""
        if "scroll" in self.linked and pane is self.pane:
            self._take_along(pane, before)
        self.lines_moved()

    def _take_along(self, pane: PicturePane, before: int | None) -> None:
        position = pane.state.position
        if before is not None:
            pane.state.position = before
        anchor = self._anchor(pane)
        pane.state.position = position
        source = self._spot(pane)
        for other in self.panes:
            if other is pane or not len(other.slices):
                continue
            other_anchor, target = self._anchor(other), self._spot(other)
            found = None
            if source is not None and target is not None:
                both = (anchor[1], other_anchor[1])
                found = linked_position(
                    source, position, target, (both[0], both[1]) if both[0] is not None and both[1] is not None else None
                )
            wanted = found[0] if found is not None else other_anchor[0] + position - anchor[0]
            wanted = max(0, min(len(other.slices) - 1, wanted))
            if wanted != other.state.position:
                other.state.position = wanted
                self.ask(other)

    def viewed(self, pane: PicturePane) -> None:
        """The other panes take zoom and window over, as far as they are linked."""
        if pane is not self.pane:
            return
        for other in self.panes:
            view = other.state.view
            if other is pane or not self.linked & {"zoom", "window"}:
                continue
            if "zoom" in self.linked:
                view = self._zoomed_like(pane, other, view)
            if "window" in self.linked and self._same_values(pane, other):
                like = pane.state.view
                view = replace(view, window=like.window, invert=like.invert)
            if view != other.state.view:
                other.state.view = view
                self.ask(other)

    @staticmethod
    def _same_values(one: PicturePane, other: PicturePane) -> bool:
        frames = [pane.shown.frame if pane.shown else None for pane in (one, other)]
        units = {(frame.description.unit, frame.description.is_colour) if frame else None for frame in frames}
        modalities = {pane.state.series.modality if pane.state.series else None for pane in (one, other)}
        return len(units) == len(modalities) == 1 and None not in units

    def _zoomed_like(self, pane: PicturePane, other: PicturePane, view: View) -> View:
        """The same size in millimetres, about the same patient point where both know it, else about the same part of the image."""
        like, one, two = pane.state.view, pane.shown, other.shown
        if like.zoom is None and like.centre is None:
            return view.fitted()
        if one is None or two is None or one.frame is None or two.frame is None:
            return view
        near, far = one.frame.description.geometry, two.frame.description.geometry
        zoom = like.zoom
        if zoom is not None and near.spacing_mm and far.spacing_mm:
            zoom *= far.spacing_mm[1] / near.spacing_mm[1]
        elif zoom is not None:
            zoom *= one.frame.columns / two.frame.columns
        centre = like.centre
        if centre is not None:
            point = near.patient_point(*centre)
            foot = pixels.image_point(far, point) if point is not None and pixels.share_frame(near, far) else None
            part = (centre[0] / one.frame.rows * two.frame.rows, centre[1] / one.frame.columns * two.frame.columns)
            centre = (foot[0], foot[1]) if foot is not None else part
        return replace(view, zoom=zoom, centre=centre)

    # -- an earlier exam

    def action_compare(self) -> None:
        """The earlier exam's matching series beside this one, scrolled with it."""
        state = self.pane.state
        if self.catalog is None or state.study is None or state.series is None:
            return
        found = prior_of(self.catalog, state.study, state.series)
        if found is None:
            self.tell(words(_("no other exam of this person here has a series like this one")))
            return
        study, series = found
        stack = series.main_stack
        assert stack is not None
        current = self.pane
        pair = next(arrangement for arrangement in ARRANGEMENTS if arrangement.name == "pair")
        while len(self.every_pane) < 2:
            self.make_pane()
        other = next(pane for pane in self.every_pane if pane is not current)
        other.choose(study, series, stack, None)
        self.show_arrangement(pair, [current, other])
        self.linked, self.anchors = frozenset(("scroll",)), {}
        self.tell(
            words(_("beside it: {exam}, series {number}"), exam=study.shown_title, number=series.series_number or "?"), "chrome.accent"
        )

    # -- lines

    def action_reference_lines(self) -> None:
        """Where the image with the keys cuts the others, or not."""
        self.with_lines = not self.with_lines
        for pane in self.panes:
            self.ask(pane, moving=False)
        self.tell(words(_("reference lines on") if self.with_lines else _("reference lines off")), "chrome.dim")

    def lines_in(self, pane: PicturePane) -> Lines:
        """Where the image with the keys cuts this pane's, both as they are asked for; among cuts through one volume all the others."""
        if not self.with_lines or len(self.panes) < 2 or pane not in self.panes:
            return ()
        here = self._placed(pane)
        if here is None:
            return ()
        cuts = [other for other in self.panes if isinstance(other.slices, Cuts)] if isinstance(pane.slices, Cuts) else []
        found = []
        for other in dict.fromkeys((*cuts, self.pane)):
            there = self._placed(other) if other is not pane else None
            line = pixels.reference_line(here[0], there[0], there[1]) if there is not None else None
            if line is not None:
                found.append((other.number, line))
        return tuple(found)

    def _placed(self, pane: PicturePane) -> "tuple[Geometry, tuple[int, int]] | None":
        return placed_geometry(pane.shown, pane.slices, pane.state.position, self.painter.places_of(pane.slices))

    def marks_of_lines(self, pane: PicturePane) -> "tuple[Drawing, ...]":
        """What a pane's next picture has over it: the lines of others."""
        lines = self.drawn_lines[pane.number] = self.lines_in(pane)
        return line_marks(lines, self.painter.samples_per_pixel)

    def lines_moved(self) -> None:
        """Panes whose line is another one now are drawn anew."""
        for pane in self.panes:
            if pane.shown is not None and not are_the_same(self.drawn_lines.get(pane.number, ()), self.lines_in(pane)):
                self.ask(pane, moving=False)

    def settled(self, pane: PicturePane) -> None:
        """Lines are drawn once the image that they are of stands; a linked pane may say now what it goes by."""
        if len(self.panes) > 1:
            self.lines_moved()
            self.scale_together(pane)
            if self.linked:
                self._say_links()
