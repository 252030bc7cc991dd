"""Every command, in one tuple. Help, README and the tests are made from it; a command's module is imported when it is called."""

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from argparse import Namespace

_ = str  # marks a message for the gettext catalogue


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `module` in this room has ``arguments(parser)`` and ``run(options)``, which returns the exit code."""

    name: str
    summary: str
    module: str
    examples: tuple[str, ...]

    def arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own arguments."""
        import_module(f"tview.cli.{self.module}").arguments(parser)

    def load(self) -> "Callable[[Namespace], int]":
        """What runs it."""
        return cast("Callable[[Namespace], int]", import_module(f"tview.cli.{self.module}").run)


VIEWER = Command("open", _("look at a disc, image, folder or file in the full-screen viewer"), "view", ("tview /dev/sr0", "tview disc.iso"))

COMMANDS: tuple[Command, ...] = (
    VIEWER,
    Command("ls", _("what is on it: patients, studies, series, with what is wrong beside them"), "ls",
            ("tview ls disc.iso", "tview ls /dev/sr0 --json | jq .counts")),
    Command("show", _("print one picture, or a contact sheet, into the scrollback"), "show",
            ("tview show disc.iso --series 4 --window lung", "tview show disc.iso --sheet --series 4")),
    Command("tags", _("the data elements of one object"), "tags",
            ("tview tags disc.iso --series 4 --instance 12", "tview tags IM000012 --find Patient")),
    Command("report", _("the text of reports, PDFs and other documents"), "report",
            ("tview report disc.iso", "tview report disc.iso --series 3 --format markdown")),
    Command("verify", _("is it whole, whose is it, is it by the book: a verdict, what to do, an exit code"), "verify",
            ("tview verify /dev/sr0", "tview verify disc.iso --json | jq .images")),
    Command("compare", _("two copies of a disc, or a disc and a folder: what is missing, what differs, and in what"), "compare",
            ("tview compare disc1.iso disc2.iso", "tview compare /dev/sr0 exam/SHA256SUMS --json | jq .counts")),
    Command("copy", _("files off the medium, or all of it bit by bit, with sums and what was lost"), "copy",
            ("tview copy /dev/sr0 exam/ --study 1", "tview copy /dev/sr0 exam.iso --image")),
    Command("export", _("write pictures (png) or arrays (npy)"), "export",
            ("tview export disc.iso pictures/ --format png", "ssh host tview export disc.iso - --series 4 > x.png")),
    Command("doctor", _("what this terminal and this installation can do, and how that was found out"), "doctor",
            ("tview doctor", "tview doctor --json")),
    Command("demo", _("open the bundled demo disc"), "demo",
            ("tview demo", "tview demo --where")),
)  # fmt: skip
