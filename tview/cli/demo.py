"""``tview demo``: the bundled demo disc."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import tview
from tview.cli import view
from tview.errors import Exit, MediumError, finding
from tview.text import translate


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    view.viewing_arguments(parser)
    parser.add_argument("--where", action="store_true", help=translate("print where the disc image is, and end"))


def run(options: Namespace) -> int:
    """Open the demo disc in the viewer."""
    place = demo_disc()
    if options.where:
        print(place)
        return Exit.FINE
    options.source = [str(place)]
    return view.run(options)


def demo_disc() -> Path:
    """The image inside the installed package, or in `fixtures/` of a checkout."""
    package = Path(tview.__file__).parent
    for place in (package / "demo" / "demo.iso", package.parent / "fixtures" / "demo.iso"):
        if place.is_file():
            return place
    raise MediumError(finding("source-missing", path="fixtures/demo.iso"))
