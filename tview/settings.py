"""One settings value, read once from a TOML file and passed to whoever needs it. There are no globals."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from tview.errors import SettingsError, finding

GRAPHICS = ("auto", "kitty", "placeholders", "sixel", "iterm", "blocks")
BLOCKS = ("auto", "half", "quadrant", "sextant", "octant")
THEMES = ("dark", "light", "contrast")
LIMITS = ("default", "trusted")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a reader may set; the defaults are what most want."""

    graphics: str = "auto"
    blocks: str = "auto"
    theme: str = "dark"
    limits: str = "default"
    probe_timeout_s: float = 2.5
    cine_fps: float = 10.0
    tree_width: int = 46
    plain: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By tool: the keys that call it, in place of its own."""
    corner: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By modality: keywords of data elements that stand beside the picture, in place of the usual ones."""


MEANINGS: Mapping[str, str] = {
    "graphics": "how pictures are drawn; auto asks the terminal",
    "blocks": "how finely block characters are cut where pictures are drawn with them",
    "theme": "colours: dark, light, high contrast; behind pictures it is black in all of them",
    "limits": "trusted lifts the caps on what a file may ask for, for discs one trusts",
    "probe_timeout_s": "seconds to wait for a terminal's answers at the start",
    "cine_fps": "images per second where the file does not say",
    "tree_width": "columns of the tree",
    "plain": "words for people who do not read images for a living, as --plain",
    "keys": "table: tools and the keys that call them in place of their own",
    "corner": "table: modalities and what stands of the technique beside the place in the stack",
}
"""What each setting is, for the documents."""

_MOST_BYTES = 1 << 20
_TABLES = ("keys", "corner")
_CHOICES = {"graphics": GRAPHICS, "blocks": BLOCKS, "theme": THEMES, "limits": LIMITS}
_RANGES = {"probe_timeout_s": (0.1, 30.0), "cine_fps": (0.5, 120.0), "tree_width": (20, 120)}


def settings_path(environ: Mapping[str, str]) -> str:
    """``$XDG_CONFIG_HOME/tview/config.toml``, else ``~/.config/tview/config.toml``; "" without a home."""
    base = environ.get("XDG_CONFIG_HOME") or (os.path.join(environ["HOME"], ".config") if environ.get("HOME") else "")
    return os.path.join(base, "tview", "config.toml") if base else ""


def load_settings(path: str | None, environ: Mapping[str, str]) -> Settings:
    """The settings of the file at `path`, or of the usual place when `path` is None (absent there means the defaults).

    Raises:
        SettingsError: a named file is not there, is no TOML, or holds an unknown name or a value out of range.
    """
    place = path if path is not None else settings_path(environ)
    if not place:
        return Settings()
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        file = os.fdopen(descriptor, "rb")
        if not stat.S_ISREG(os.fstat(descriptor).st_mode) or os.fstat(descriptor).st_size > _MOST_BYTES:
            file.close()
            if place != os.devnull:
                raise _wrong(place, "it is no ordinary file, or too large for settings")
            return Settings()
    except FileNotFoundError:
        if path is None:
            return Settings()
        raise _wrong(place, "there is no such file") from None
    except OSError as error:
        if path is None:
            return Settings()
        raise _wrong(place, error.strerror or "it cannot be read") from error
    import tomllib  # 4 ms that most runs save

    with file:
        try:
            table = tomllib.load(file)
        except (OSError, ValueError, RecursionError) as error:  # TOML and UTF-8 errors are ValueErrors, numbers too long as well
            raise _wrong(place, str(error)) from error
    return _from_table(place, table)


def _from_table(place: str, table: Mapping[str, object]) -> Settings:
    settings, known = Settings(), {field.name: field for field in fields(Settings)}
    for name, value in table.items():
        if name not in known:
            raise _wrong(place, f"{name!r} is not a setting; there are {', '.join(known)}")
        default = getattr(settings, name)
        if name in _TABLES:
            settings = replace(settings, **{name: _words_by_name(place, name, value)})  # type: ignore[arg-type]  # both are such tables
            continue
        if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not type(default):
            raise _wrong(place, f"{name} wants {type(default).__name__}, not {type(value).__name__}")
        if name in _CHOICES and value not in _CHOICES[name]:
            raise _wrong(place, f"{name} is one of {', '.join(_CHOICES[name])}")
        if name in _RANGES and isinstance(value, int | float) and not _RANGES[name][0] <= value <= _RANGES[name][1]:
            raise _wrong(place, f"{name} goes from {_RANGES[name][0]} to {_RANGES[name][1]}")
        settings = replace(settings, **{name: value})  # type: ignore[arg-type]  # the type was compared above
    return settings


def _words_by_name(place: str, name: str, value: object) -> dict[str, tuple[str, ...]]:
    """A table of words: ``[keys]`` with ``"measure.distance" = ["d", "D"]``."""
    if not isinstance(value, dict):
        raise _wrong(place, f"[{name}] is a table")
    table: dict[str, tuple[str, ...]] = {}
    for key, words in value.items():
        words = [words] if isinstance(words, str) else words
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words) or len(words) > 20:
            raise _wrong(place, f"[{name}] {key!r} wants a word, or up to 20 of them in brackets")
        table[str(key)] = tuple(words)
    return table


def _wrong(place: str, problem: str) -> SettingsError:
    return SettingsError(finding("settings-unreadable", path=place, problem=problem))
