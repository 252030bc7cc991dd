"""From image to image: scrolling, and the place that a report names."""

import re

from tview.catalog import Series, Stack, Study
from tview.text import SafeText
from tview.ui.actions.base import Acting
from tview.ui.look import words
from tview.ui.slices import Slices

_ = str


class ImageActions(Acting):
    """Which image of the stack."""

    def action_scroll(self, steps: int) -> None:
        """Images on or back; while a cine plays, from the image that stands."""
        self.stop_cine()
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
        studies = sorted(self.studies, key=lambda study: state.study is None or study.key != state.study.key)
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


def _parse_go(text: str) -> tuple[int | None, int | None, int | None]:
    """(series, image, frame) of "4/207", "4/", "207", "4/1/12". Raises `ValueError`."""
    match = re.fullmatch(r"\s*(?:(\d{1,9})\s*/)?\s*(\d{1,9})?\s*(?:/\s*(\d{1,9}))?\s*", text)
    if match is None or not (match[1] or match[2]):
        raise ValueError(text)
    series, image, frame = (int(part) if part else None for part in match.groups())
    return series, image, frame
