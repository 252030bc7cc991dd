"""Every kind of finding, in one tuple. Documentation, JSON and the tests are made from it.

A message says what and where, the advice what to do next. Places are the finding's values, and ``{path}``, ``{count}``, ``{range}``.
"""

from functools import cache

from tview.errors.finding import FindingKind, Severity

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741 - the verdict's letters

# fmt: off
FINDING_KINDS: tuple[FindingKind, ...] = (
    # --- usage, settings, terminal -------------------------------------------------------------------------------
    FindingKind("usage", E, "{problem}", "See: tview --help"),
    FindingKind("internal-error", E, "tview met an error of its own: {kind}", "Nothing on the medium was changed. Please report it with: tview doctor"),
    FindingKind("settings-unreadable", E, "the settings file {path} cannot be used: {problem}", "Correct it, or start with --config /dev/null."),
    FindingKind("no-terminal", E, "this needs a terminal, and there is none here", "Over ssh use: ssh -t HOST tview SOURCE. For scripts: tview ls --json, tview export."),
    FindingKind("terminal-too-small", E, "the terminal has {columns}x{rows} cells, 40x12 are needed", "Make the window larger or the font smaller."),
    FindingKind("terminal-dumb", E, "the terminal is of type {term} and cannot draw", "Set TERM to what the terminal is, or use tview ls and tview export."),
    FindingKind("graphics-unavailable", W, "{wanted} graphics were asked for; the terminal did not say that it has them", "If the picture is missing, start with --graphics auto."),
    # --- media ------------------------------------------------------------------------------------------------
    FindingKind("source-missing", E, "{path}: there is no such file, folder or device", "Check the name; quote it if it has spaces."),
    FindingKind("source-no-permission", E, "{path}: no permission to read it", "{hint}"),
    FindingKind("source-not-supported", E, "{path}: this is {what}, not a disc, disc image, folder or DICOM file", "Give a folder, a DICOMDIR, a DICOM file, an .iso image or a drive such as /dev/sr0."),
    FindingKind("source-read-failed", E, "{path}: reading failed: {problem}", "Clean the disc and try again; another drive often reads what this one cannot."),
    # --- choice, export -----------------------------------------------------------------------------------------
    FindingKind("no-match", E, "nothing on this source matches {wanted}", "List what is there with: tview ls {source}"),
    FindingKind("output-exists", E, "{path} is there already and is not overwritten", "Give another name, or remove it first."),
    FindingKind("output-on-medium", E, "{path} lies inside the source, and nothing is ever written there", "Give a folder elsewhere."),
    FindingKind("output-failed", E, "{path} could not be written: {problem}", "Check the free space and the permissions of the folder."),
)
# fmt: on


@cache
def _by_code() -> dict[str, FindingKind]:
    return {kind.code: kind for kind in FINDING_KINDS}


def kind_of(code: str) -> FindingKind:
    """The kind with this code. Raises `KeyError` when it is not in FINDING_KINDS."""
    return _by_code()[code]
