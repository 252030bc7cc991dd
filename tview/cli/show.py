"""``tview show``: one picture, or a contact sheet, printed into the scrollback in the best way the terminal has."""

import os
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from tview.cli.common import choice_arguments, frame_argument, opened, print_lines, settings_of, source_arguments
from tview.cli.objects import Place, blaming, choice_of, chosen_place, frame_index, open_picture, read_object, size_of, view_for
from tview.errors import Exit, ExportError, finding
from tview.settings import Settings
from tview.text import SafeText, message_of, safe, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tview.media import Medium
    from tview.pixels import Decoder, Frame, Rendered
    from tview.terminal import Encoder, TerminalFacts

    Shown = tuple[Rendered, list[SafeText]]

_LABEL = "Review only · not a medical device"
_LINES_UNDER, _LINES_UNDER_WHEN_NARROW, _WIDE = 4, 6, 120  # three or five of caption, and the prompt


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    source_arguments(parser)
    choice_arguments(parser)
    frame_argument(parser)
    picture_arguments(parser)
    parser.add_argument("--sheet", action="store_true", help=translate("a contact sheet of the series"))
    parser.add_argument("--out", metavar="FILE", help=translate("the bytes that would be sent, into a file; - is stdout"))


def picture_arguments(parser: ArgumentParser) -> None:
    """--window and --size, shared with export."""
    parser.add_argument(
        "--window", metavar="W/L|PRESET|auto", help=translate("width/level as readers write it (400/40), a preset's name, or auto")
    )
    parser.add_argument("--size", metavar="fit|native|WxH", type=size_of, help=translate("in pixels; WxH is a box, the aspect is kept"))


def run(options: Namespace) -> Exit:
    """Choose, decode, render, print."""
    settings = settings_of(options)
    encoder, facts = _encoder(settings, to_file=bool(options.out))
    from tview.pixels import Decoder

    decoder = Decoder()
    try:
        with opened(options) as media:
            code = media.code
            if options.sheet:
                from tview.catalog import choose
                from tview.cli.sheet import contact_sheet

                found = choose(media, choice_of(options))
                picture, lines = contact_sheet(media, found, decoder, encoder, facts, options)
            else:
                rendered, lines = _one(media, chosen_place(media, options), decoder, encoder, facts, options)
                picture = rendered.picture
    finally:
        decoder.close()
    data = encoder.inline(picture)
    if options.out in (None, "-"):
        _send(data)
    else:
        _keep(options.out, data)
    if options.out is None:
        print_lines(lines)
    return code


def _encoder(settings: Settings, to_file: bool) -> "tuple[Encoder, TerminalFacts]":
    """How pictures are drawn here. Nothing is asked of a terminal that gets nothing, and nothing that --graphics answers already."""
    from tview.terminal import assumed_facts, choose, make_encoder, probe, require_terminal, window_size, with_glyphs

    if to_file or (settings.graphics != "auto" and os.isatty(1) and all(window_size(1))):
        columns, rows, width, height = window_size(1) if os.isatty(1) else (0, 0, 0, 0)
        facts = assumed_facts(os.environ, columns or 80, rows or 24)
        if width and height and columns and rows:
            from dataclasses import replace

            facts = replace(facts, cell_width_px=width // columns, cell_height_px=height // rows)
    else:
        require_terminal(0, 1, os.environ)
        facts = probe(0, 1, os.environ, settings.probe_timeout_s)
    facts = with_glyphs(facts, settings.blocks)
    path = settings.graphics
    if to_file and path == "auto":
        path = "kitty"
    elif path == "auto":
        path = choose(facts, path).path
    return make_encoder(path, facts), facts


def _one(
    media: "Sequence[Medium]", place: Place, decoder: "Decoder", encoder: "Encoder", facts: "TerminalFacts", options: Namespace
) -> "Shown":
    from tview.pixels import render, render_native

    header, reader = read_object(media, place.source_number, place.path, settings_of(options))
    with blaming(reader):
        image = open_picture(header, reader, decoder)
        frame = image.read_frame(frame_index(image, place.frame))
    view = view_for(options.window, frame, image)
    if options.size == "native":
        rendered = render_native(frame, view)
    else:
        frame = on_screen(frame, encoder)
        rows, columns = fitted_size(encoder, facts, options.size, frame.rows * frame.description.pixel_aspect, frame.columns)
        rendered = render(frame, view, rows, columns)
    if options.out is not None:
        return rendered, []
    from tview.cli.caption import caption_lines

    findings = [*reader.findings, *header.findings, *image.findings, *frame.findings, *rendered.marks]
    notes = list(dict.fromkeys(safe(f"! {message_of(told)}") for told in findings if told.severity.rank < 2))
    caption = caption_lines(header, image, frame, rendered, encoder, facts.columns)
    return rendered, [*caption, *notes, safe(translate(_LABEL))]


def on_screen(frame: "Frame", encoder: "Encoder") -> "Frame":
    """The frame with its pixels shaped for this way of drawing: a half block is not square."""
    from dataclasses import replace

    aspect = getattr(encoder, "pixel_aspect", 1.0)
    description = frame.description
    return frame if aspect == 1.0 else replace(frame, description=replace(description, pixel_aspect=description.pixel_aspect / aspect))


def fitted_size(
    encoder: "Encoder", facts: "TerminalFacts", size: tuple[int, int] | str | None, high: float, wide: float
) -> tuple[int, int]:
    """(rows, columns) of the largest picture of these proportions in the box: the one asked for, else the terminal less its caption."""
    lines = _LINES_UNDER if facts.columns >= _WIDE else _LINES_UNDER_WHEN_NARROW
    box = size if isinstance(size, tuple) else encoder.fit(max(10, facts.columns), max(5, facts.rows - lines))
    scale = min(box[0] / high, box[1] / wide)
    return max(1, min(box[0], round(high * scale))), max(1, min(box[1], round(wide * scale)))


def _send(data: bytes) -> None:
    from tview.export import open_destination

    open_destination("-", (), True, ()).write("", "", data)


def _keep(path: str, data: bytes) -> None:
    from tview.export import write_new

    if not write_new(path, data):
        raise ExportError(finding("output-exists", path=path))
