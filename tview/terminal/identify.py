"""From answers, environment and window size to facts. Pure: everything it needs is handed in."""

import re
from collections.abc import Mapping
from dataclasses import replace

from tview.terminal.facts import TRUE_COLOUR, Answer, TerminalFacts, numbers_of
from tview.terminal.quirks import quirks_of, with_quirks
from tview.terminal.replies import Replies
from tview.terminal.tmux import TmuxClient
from tview.text import safe, translate

_ = str
_NAME_AND_VERSION = re.compile(r"\s*([A-Za-z][\w. -]{0,40}?)[ (/]v?(\d[\w.+-]{0,40})")
_CELL_RANGE = range(4, 129)
_SHAM_WINDOW = (640, 480)  # what some emulators put into TIOCGWINSZ without measuring


def facts_from(
    replies: Replies, environ: Mapping[str, str], window: tuple[int, int, int, int], client: TmuxClient | None = None
) -> TerminalFacts:
    """Everything known, with the quirk table applied. `window` is (columns, rows, width, height), 0 where unknown."""
    name, version = _identity(replies, environ)
    columns, rows = window[0] or _number(environ.get("COLUMNS")) or 80, window[1] or _number(environ.get("LINES")) or 24
    cell, cell_from = _cell_px(replies, window, columns, rows)
    tmux = name == "tmux" or bool(environ.get("TMUX"))
    outer_name, outer_version = _outer(client)
    facts = TerminalFacts(
        name=name,
        version=version,
        term=safe(environ.get("TERM", "")),
        columns=columns,
        rows=rows,
        cell_width_px=cell[0] if cell else None,
        cell_height_px=cell[1] if cell else None,
        kitty=replies.kitty == "OK",
        sixel=4 in (replies.attributes or ())[1:],
        sixel_max=replies.sixel_max,
        sixel_colours=replies.colour_registers,
        tmux=tmux,
        passthrough=client.passthrough if client else False,
        outer_name=outer_name,
        outer_version=outer_version,
        sync=replies.sync in (1, 2, 3),
        colours=_colours(environ, name),
        unicode=_unicode(environ),
        no_color=bool(environ.get("NO_COLOR")),
        remote=any(environ.get(variable) for variable in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")),
        answered=replies.attributes is not None,
    )
    facts = _inside_tmux(with_quirks(facts), client) if tmux else with_quirks(facts)
    return _with_answers(facts, replies, environ, window, client, cell_from)


def assumed_facts(environ: Mapping[str, str], columns: int = 80, rows: int = 24) -> TerminalFacts:
    """Facts where no terminal can be asked (bytes for a file, a pipe): from the environment, nothing answered."""
    return facts_from(Replies(), environ, (columns, rows, 0, 0))


def _identity(replies: Replies, environ: Mapping[str, str]) -> tuple[str, str]:
    """Its own word first; TERM next (it travels over ssh); variables last, for a terminal started from another inherits them.

    PuTTY and mintty do not say their names to every question, but answer DA2 like nobody else.
    """
    if replies.version is not None and (match := _NAME_AND_VERSION.match(replies.version)):
        return safe(match[1].strip().lower()), safe(match[2])
    if replies.second == _PUTTY_DA2:
        return "putty", ""
    if replies.second and replies.second[0] == _MINTTY_DA2:
        return "mintty", str(replies.second[1]) if len(replies.second) > 1 else ""
    term = environ.get("TERM", "")
    for prefix, name in _BY_TERM:
        if term == prefix or term.startswith((prefix + "-", prefix + ".")):
            return name, safe(environ.get("TERM_PROGRAM_VERSION", "")) if name == "tmux" else _version_of(name, environ)
    if program := environ.get("TERM_PROGRAM"):
        name = _PROGRAMS.get(program, program.lower())
        return safe(name), safe(environ.get("TERM_PROGRAM_VERSION", ""))
    for variable, name in _BY_VARIABLE:
        if environ.get(variable):
            return name, _version_of(name, environ)
    return "", ""


_PUTTY_DA2 = (0, 136, 0)
_MINTTY_DA2 = 77  # "M"; the version follows, 30104 for 3.1.4

_BY_TERM = (
    ("linux", "linux"),
    ("xterm-kitty", "kitty"),
    ("xterm-ghostty", "ghostty"),
    ("foot", "foot"),
    ("mlterm", "mlterm"),
    ("wezterm", "wezterm"),
    ("tmux", "tmux"),
    ("screen", "screen"),
    ("mintty", "mintty"),
    ("contour", "contour"),
    ("alacritty", "alacritty"),
)
_PROGRAMS = {"iTerm.app": "iterm2", "Apple_Terminal": "apple_terminal", "WezTerm": "wezterm", "ghostty": "ghostty"}
_BY_VARIABLE = (
    ("MLTERM", "mlterm"),
    ("KONSOLE_VERSION", "konsole"),
    ("WT_SESSION", "windows terminal"),
    ("VTE_VERSION", "vte"),
    ("XTERM_VERSION", "xterm"),
)


def _version_of(name: str, environ: Mapping[str, str]) -> str:
    if name == "mlterm":
        return safe(environ.get("MLTERM", ""))
    if name == "vte":
        return safe(environ.get("VTE_VERSION", ""))
    if name == "xterm":
        match = re.search(r"\((\d+)", environ.get("XTERM_VERSION", ""))
        return match[1] if match else ""
    return ""


def _outer(client: TmuxClient | None) -> tuple[str, str]:
    if client is None:
        return "", ""
    return _identity(Replies(version=client.type or None), {"TERM": client.term})


_TRUE_COLOUR_TERMS = ("xterm-kitty", "xterm-ghostty")  # their terminfo tells tmux, which does not list it as a feature then


def _inside_tmux(facts: TerminalFacts, client: TmuxClient | None) -> TerminalFacts:
    """tmux 3.5a answers DA1 with sixel whatever is around it, 3.3a draws none: the client's features decide."""
    outer = {quirk.fact: quirk.value for quirk in quirks_of(facts.outer_name, numbers_of(facts.outer_version))}
    features = client.features if client else ()
    return replace(
        facts,
        kitty=False,
        iterm=False,
        sixel="sixel" in features,
        placeholders=facts.passthrough and bool(outer.get("placeholders")),
        glyphs=_glyphs_in_tmux(str(outer.get("glyphs", "half"))),
        colours=TRUE_COLOUR if "RGB" in features or (client and client.term in _TRUE_COLOUR_TERMS) else 256,
    )


def _glyphs_in_tmux(outer: str) -> str:
    """tmux passes on what it knows the width of: octants are younger than the tables of tmux 3.5."""
    return "sextant" if outer == "octant" else outer


def _cell_px(replies: Replies, window: tuple[int, int, int, int], columns: int, rows: int) -> tuple[tuple[int, int] | None, str]:
    """The cell as the terminal says it; else its text area by the number of cells; else the kernel's window size, distrusted."""
    candidates = [(replies.cell_px, "CSI 16 t")]
    if replies.window_px:
        candidates.append(((replies.window_px[0] // columns, replies.window_px[1] // rows), "CSI 14 t"))
    if window[2] and window[3] and (window[2], window[3]) != _SHAM_WINDOW:
        candidates.append(((window[2] // columns, window[3] // rows), "TIOCGWINSZ"))
    for cell, origin in candidates:
        if cell and cell[0] in _CELL_RANGE and cell[1] in _CELL_RANGE:
            return cell, origin
    return None, ""


def _colours(environ: Mapping[str, str], name: str) -> int:
    term = environ.get("TERM", "")
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return TRUE_COLOUR
    if "256color" in term or name in ("tmux", "vte"):
        return 256
    return 16


def _unicode(environ: Mapping[str, str]) -> bool:
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    return "utf-8" in locale.lower() or "utf8" in locale.lower()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _with_answers(
    facts: TerminalFacts,
    replies: Replies,
    environ: Mapping[str, str],
    window: tuple[int, int, int, int],
    client: TmuxClient | None,
    cell_from: str,
) -> TerminalFacts:
    yes, no, silent = translate(_("yes")), translate(_("no")), translate(_("no answer"))

    def size(pair: tuple[int, int] | None) -> str:
        return f"{pair[0]}x{pair[1]}" if pair else ""

    sync_words = {None: silent, 0: no, 4: no}
    asked = [
        Answer("XTVERSION", safe(replies.version or ""), f"{facts.name} {facts.version}".strip() or translate(_("unknown terminal"))),
        Answer("kitty graphics a=q", safe(replies.kitty or ""), yes if replies.kitty == "OK" else no if replies.kitty else silent),
        Answer("DA1", ";".join(map(str, replies.attributes or ())), _sixel_words(replies)),
        Answer("DA2", ";".join(map(str, replies.second or ())), facts.name if replies.second else silent),
        Answer("XTSMGRAPHICS 1", str(replies.colour_registers or ""), translate(_("colour registers for sixel"))),
        Answer("XTSMGRAPHICS 2", size(replies.sixel_max), translate(_("largest sixel picture in pixels"))),
        Answer("DECRQM 2026", "" if replies.sync is None else str(replies.sync), sync_words.get(replies.sync, yes)),
        Answer("CSI 16 t", size(replies.cell_px), translate(_("pixels of a cell"))),
        Answer("CSI 14 t", size(replies.window_px), translate(_("pixels of the text area"))),
        Answer("TIOCGWINSZ", "{}x{} {}x{}".format(*window), translate(_("cells and pixels, as the system knows them"))),
        Answer("cell", size(facts.cell_px), cell_from or translate(_("assumed"))),
    ]
    if client:
        asked.append(Answer("tmux display", safe(f"{client.term} {client.type} {','.join(client.features)}"), safe(client.version)))
        asked.append(Answer("tmux allow-passthrough", yes if client.passthrough else no, facts.outer_name))
    for variable in _VARIABLES:
        if environ.get(variable):
            asked.append(Answer(f"${variable}", safe(environ[variable], 120), ""))
    asked.extend(Answer(f"quirk {quirk.fact}", str(quirk.value), quirk.why) for quirk in quirks_of(facts.name, facts.version_numbers))
    return replace(facts, asked=tuple(asked))


_VARIABLES = ("TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "NO_COLOR", "TMUX", "SSH_TTY", "LC_ALL", "LC_CTYPE", "LANG")


def _sixel_words(replies: Replies) -> str:
    if replies.attributes is None:
        return translate(_("no answer: the terminal was too slow or answers nothing"))
    return translate(_("says it has sixel")) if 4 in replies.attributes[1:] else translate(_("says nothing of sixel"))
