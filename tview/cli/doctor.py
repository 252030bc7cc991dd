"""``tview doctor``: what this terminal, this machine and this installation can do, each with how it was found out."""

import os
import platform
import sys
from argparse import ArgumentParser, Namespace

from tview import __version__
from tview.cli.common import print_lines, print_record, settings_of, wants_terminal
from tview.errors import Exit
from tview.settings import Settings, settings_path
from tview.text import SafeText, safe, translate

_LIBRARIES = (
    ("textual", "the full-screen viewer"),
    ("pydicom", "odd headers, second decoder"),
    ("numpy", "pixel arithmetic"),
    ("imagecodecs", "compressed pictures"),
    ("pylibjpeg", "second decoder"),
    ("pylibjpeg-openjpeg", "second decoder for JPEG 2000"),
    ("pylibjpeg-rle", "second decoder for RLE"),
    ("pylibjpeg-libjpeg", "second decoder for JPEG (extra: gpl)"),
    ("opencv-python-headless", "resampling"),
    ("isal", "fast deflate"),
    ("cryptography", "encrypted archives"),
    ("textual-image", "block graphics"),
    ("pycdlib", "writing discs, second opinion"),
    ("pillow", "picture type of textual-image"),
)


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("--json", action="store_true", help=translate("as JSON"))


def run(options: Namespace) -> Exit:
    """Ask and tell."""
    settings = settings_of(options)
    sections: dict[str, list[tuple[str, str, str]]] = {
        "installation": _installation(),
        "settings": [
            ("file", settings_path(os.environ) or "-", "XDG_CONFIG_HOME, HOME"),
            ("graphics", settings.graphics, "--graphics or the file"),
            ("blocks", settings.blocks, "--blocks or the file"),
        ],
        "terminal": _terminal(settings),
        "drives": _drives(),
    }
    if options.json:
        record: dict[str, object] = {"schema": "tview/doctor/1", "version": __version__}
        record |= {name: [{"what": a, "found": b, "how": c} for a, b, c in rows] for name, rows in sections.items()}
        print_record(record, indent=1)
        return Exit.FINE
    lines: list[SafeText] = [safe(f"tview {__version__}")]
    for name, rows in sections.items():
        lines += [SafeText(""), safe(translate(name))]
        width = max((len(what) for what, _found, _how in rows), default=0)
        lines += [safe(f"  {what:<{width}}  {found}" + (f"   ({how})" if how else "")) for what, found, how in rows]
    print_lines(lines)
    return Exit.FINE


def _installation() -> list[tuple[str, str, str]]:
    from importlib import metadata

    rows = [
        ("python", platform.python_version(), sys.executable),
        ("system", f"{platform.system()} {platform.release()}", platform.machine()),
    ]
    for name, purpose in _LIBRARIES:
        try:
            rows.append((name, metadata.version(name), purpose))
        except metadata.PackageNotFoundError:
            rows.append((name, translate("not installed"), purpose))
    return rows


def _terminal(settings: Settings) -> list[tuple[str, str, str]]:
    from tview.terminal import GLYPHS, choose, probe, with_glyphs

    if not wants_terminal(0, 1):
        return [("terminal", translate("none: stdin or stdout is no terminal"), "isatty")]
    facts = with_glyphs(probe(0, 1, os.environ, settings.probe_timeout_s), settings.blocks)
    path = choose(facts, settings.graphics)
    rows = [
        ("name", facts.name or "?", facts.version or ""),
        ("cells", f"{facts.columns}x{facts.rows}", "TIOCGWINSZ"),
        ("cell", f"{facts.cell_width_px}x{facts.cell_height_px} px", ""),
        ("pictures", path.path, path.reason),
        ("block characters", facts.glyphs if facts.unicode else "-", _glyph_words(facts.unicode, translate(GLYPHS[facts.glyphs]))),
        ("colours of text", str(facts.colours), ""),
    ]
    rows += [(answer.question, answer.answer or translate("no answer"), answer.meaning) for answer in facts.asked]
    rows.append(
        (translate("to force"), "--graphics kitty|placeholders|sixel|iterm|blocks", translate('or graphics = "..." in the settings file'))
    )
    return rows


def _glyph_words(unicode: bool, title: str) -> str:
    return f"{title}; --blocks" if unicode else translate("the locale has no Unicode: spaces, one pixel a cell")


def _drives() -> list[tuple[str, str, str]]:
    from tview.media import list_drives

    return [(safe(drive.path), safe(f"{drive.name} {drive.state}"), "") for drive in list_drives()] or [
        ("-", translate("no optical drive found"), "/sys/block")
    ]
