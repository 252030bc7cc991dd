"""The `tview` command: finds the command, runs it, and turns whatever happens into an exit code and a sentence."""

import argparse
import os
import re
import sys
import warnings
from collections.abc import Sequence
from typing import NoReturn

from tview.cli import LEAVE
from tview.cli.commands import COMMANDS, VIEWER, Command
from tview.cli.common import drop_stdout, print_text, say_finding
from tview.errors import EXIT_MEANINGS, Exit, TviewError, UsageError, finding
from tview.settings import BLOCKS, GRAPHICS, LIMITS
from tview.text import translate


def main(argv: Sequence[str] | None = None, on_other_screen: bool = False) -> int:
    """Run one command; what it could not do is said on stderr, on the normal screen. Returns the exit code.

    `on_other_screen` says that the terminal shows its other screen already.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported: 57 ms of start-up on two cores
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]  # its debug log would hold names
    warnings.simplefilter("ignore")  # a library's warning may quote a file; what matters is told as a finding
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return int(_run(arguments, on_other_screen))
    except TviewError as error:
        _leave(on_other_screen)
        say_finding(error.finding)
        return error.exit_code
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        drop_stdout()
        return Exit.PIPE_CLOSED
    except Exception as error:
        _leave(on_other_screen)
        say_finding(finding("internal-error", kind=_where(error)))
        return Exit.INTERNAL


def _leave(on_other_screen: bool) -> None:
    """Words about trouble belong on the normal screen."""
    if on_other_screen:
        os.write(1, LEAVE)


def _run(arguments: list[str], on_other_screen: bool = False) -> int:
    if arguments in (["--version"], ["-V"]):
        from tview import __version__

        print_text(f"tview {__version__}\n")
        return Exit.FINE
    if arguments in (["--help"], ["-h"]):
        print_text(_overview() + "\n")
        return Exit.FINE
    names = {command.name: command for command in COMMANDS}
    command = names.get(arguments[0]) if arguments else None
    if command is None:
        if arguments and _WORD(arguments[0]) and not os.path.lexists(arguments[0]):
            raise UsageError(finding("usage", problem=f"there is no command, file or folder called {arguments[0]}"))
        command, rest = VIEWER, arguments
    else:
        rest = arguments[1:]
    options = parser_of(command).parse_args(rest)
    options.on_other_screen = on_other_screen
    return command.load()(options)


_WORD = re.compile(r"[a-z][a-z-]*\Z").match


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(finding("usage", problem=message, command=self.prog))


def parser_of(command: Command) -> argparse.ArgumentParser:
    """The argument parser of one command; help, README and shell use the same one."""
    examples = "\n".join(f"  {example}" for example in command.examples)
    parser = _Parser(
        prog=f"tview {command.name}" if command is not VIEWER else "tview",
        description=translate(command.summary),
        epilog=f"{translate('examples:')}\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    common = parser.add_argument_group(translate("common options"))
    common.add_argument(
        "--graphics", choices=GRAPHICS, help=translate("how pictures are drawn; found out by asking the terminal when absent")
    )
    common.add_argument("--blocks", choices=BLOCKS, help=translate("the characters of block graphics, for a font that has better ones"))
    common.add_argument("--password-file", metavar="F", help=translate("the password of encrypted archives is its first line; - is stdin"))
    common.add_argument("--limits", choices=LIMITS, help=translate("trusted lifts the caps on a disc one trusts"))
    common.add_argument("--config", metavar="FILE", help=translate("a settings file in place of the usual one"))
    command.arguments(parser)
    return parser


def _overview() -> str:
    width = max(len(command.name) for command in COMMANDS)
    lines = [
        translate("usage: tview [SOURCE ...]          open the viewer"),
        translate("       tview COMMAND SOURCE ...     see tview COMMAND --help"),
        "",
        translate("SOURCE is a folder, a file, a DICOMDIR, an optical drive or a disc image."),
        "",
        *(f"  {command.name:<{width}}  {translate(command.summary)}" for command in COMMANDS),
        "",
        translate("exit codes:"),
        *(f"  {code:>3}  {translate(meaning)}" for code, meaning in EXIT_MEANINGS.items()),
        "",
        translate("Review only · not a medical device."),
    ]
    return "\n".join(lines)


def _where(error: BaseException) -> str:
    """The kind of an error and the place in our code; never its message, which may hold what a file says."""
    place, trace = "", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("tview"):
            place = f" in {name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"
