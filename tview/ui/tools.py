"""Every action of the viewer, its keys and its words, in one tuple. Footer, help, palette, README and the tests are made from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

_ = str  # marks a message for the gettext catalogue; `tview.text.translate` looks it up where it is shown


@dataclass(frozen=True, slots=True)
class Tool:
    """One action.

    `action` is the method ``action_<action>`` of the main screen, with `argument` when it is not None. `keys` are Textual key names, the
    first one is shown; a tool without any is in the palette only. `mode` limits it to a mode ("" is every mode). `rank` orders the footer,
    0 keeps it out of there; `pair` stands there in place of the first key, for this tool and its siblings.
    """

    action: str
    keys: tuple[str, ...]
    title: str
    group: str
    mode: str = ""
    argument: int | str | None = None
    rank: int = 0
    short: str = ""
    pair: str = ""

    @property
    def id(self) -> str:
        """A name that is unique among the tools."""
        return f"{self.mode + '.' if self.mode else ''}{self.action}" + (f".{self.argument}" if self.argument is not None else "")


IMAGES, SERIES, PANES, WINDOW, LAYOUT, MEASURE, PICTURE, PAGES = (
    _("Images"),
    _("Series and studies"),
    _("Panes"),
    _("Window"),
    _("Zoom and pan"),
    _("Measure and mark"),
    _("Picture"),
    _("Pages"),
)

TOOLS: tuple[Tool, ...] = (
    Tool("scroll", ("down", "j"), _("next image"), IMAGES, argument=1, rank=1, short=_("image"), pair="↑↓"),
    Tool("scroll", ("up", "k"), _("previous image"), IMAGES, argument=-1),
    Tool("scroll", ("J", "ctrl+d", "shift+down"), _("10 images on"), IMAGES, argument=10),
    Tool("scroll", ("K", "ctrl+u", "shift+up"), _("10 images back"), IMAGES, argument=-10),
    Tool("first", ("g", "home"), _("first image"), IMAGES),
    Tool("last", ("G", "end"), _("last image"), IMAGES),
    Tool("go", ("colon",), _("go to series/image as a report names it, such as 4/207"), IMAGES, rank=11, short=_("go to")),
    Tool("cine", ("space", "c"), _("play, stop"), IMAGES, rank=8, short=_("play")),
    Tool("cine_rate", ("comma",), _("play slower"), IMAGES, argument=-1),
    Tool("cine_rate", ("full_stop",), _("play faster"), IMAGES, argument=1),
    Tool("cine_way", ("quotation_mark",), _("play round and round, to and fro, once"), IMAGES),
    Tool("cine_range", ("at",), _("play from here, to here, all"), IMAGES),
    Tool("series", ("right", "pagedown"), _("next series"), SERIES, argument=1, rank=2, short=_("series"), pair="←→"),
    Tool("series", ("left", "pageup"), _("previous series"), SERIES, argument=-1),
    Tool("study", ("right_square_bracket", "ctrl+right"), _("next study"), SERIES, argument=1),
    Tool("study", ("left_square_bracket", "ctrl+left"), _("previous study"), SERIES, argument=-1),
    Tool("patient", ("right_curly_bracket", "ctrl+down"), _("next patient"), SERIES, argument=1),
    Tool("patient", ("left_curly_bracket", "ctrl+up"), _("previous patient"), SERIES, argument=-1),
    Tool("search", ("slash",), _("look for a series: type, Enter, n and N; Esc shows all"), SERIES),
    Tool("fold", ("b",), _("show or hide the tree"), SERIES, rank=10, short=_("tree")),
    Tool("focus_other", ("tab", "ctrl+tab"), _("next pane, and the tree"), SERIES, argument=1),
    Tool("focus_other", ("shift+tab",), _("previous pane, and the tree"), SERIES, argument=-1),
    Tool("mode", ("w",), _("window with the arrow keys"), WINDOW, argument="window", rank=3, short=_("window")),
    Tool("preset", ("0",), _("full range of the image"), WINDOW, argument=0),
    Tool("preset", ("1",), _("the file's first window"), WINDOW, argument=1, rank=4, short=_("presets"), pair="0-9"),
    Tool("preset", ("2",), _("the file's next window"), WINDOW, argument=2),
    Tool("preset", ("3",), _("CT brain · PET SUV 0-3"), WINDOW, argument=3),
    Tool("preset", ("4",), _("CT abdomen · PET SUV 0-5"), WINDOW, argument=4),
    Tool("preset", ("5",), _("CT mediastinum · PET SUV 0-7"), WINDOW, argument=5),
    Tool("preset", ("6",), _("CT bone · PET SUV 0-10"), WINDOW, argument=6),
    Tool("preset", ("7",), _("CT lung · PET SUV 0-15"), WINDOW, argument=7),
    Tool("preset", ("8",), _("CT liver"), WINDOW, argument=8),
    Tool("preset", ("9",), _("CT angio"), WINDOW, argument=9),
    Tool("brightness", ("less_than_sign",), _("darker"), WINDOW, argument=-1),
    Tool("brightness", ("greater_than_sign",), _("brighter"), WINDOW, argument=1),
    Tool("invert", ("n",), _("negative (invert)"), WINDOW),
    Tool("arrange", ("vertical_line",), _("two panes beside each other, back to one"), PANES, argument="pair"),
    Tool("arrange", ("number_sign",), _("four panes (a mammogram hangs), back to one"), PANES, argument="quad"),
    Tool("strip", ("B",), _("thumbnails of the series, or not"), PAGES),
    Tool("hang", (), _("mammogram: R CC, L CC, R MLO, L MLO"), PANES),
    Tool("link", ("l",), _("link scrolling of the panes, by patient position"), PANES, argument="scroll"),
    Tool("link", (), _("link zoom and pan of the panes"), PANES, argument="zoom"),
    Tool("link", (), _("link the window of the panes"), PANES, argument="window"),
    Tool("compare", ("C",), _("compare with an earlier exam"), PAGES),
    Tool("mpr", ("O",), _("cuts through the stack (MPR), back to its images"), PAGES),
    Tool("slab", ("right_parenthesis",), _("thicker cuts"), PANES, argument=1),
    Tool("slab", ("left_parenthesis",), _("thinner cuts"), PANES, argument=-1),
    Tool("projection", ("percent_sign",), _("mean, MIP or MinIP through thick cuts"), PANES),
    Tool("mode", ("apostrophe",), _("tilt the cut with the arrow keys"), PANES, argument="tilt"),
    Tool("point", ("asterisk",), _("a point that the other panes go to; takes it away again"), PANES),
    Tool("reference_lines", ("underscore",), _("reference lines on, off"), PANES),
    Tool("mode", ("z",), _("zoom with the arrow keys"), LAYOUT, argument="zoom", rank=5, short=_("zoom")),
    Tool("zoom", ("plus",), _("larger"), LAYOUT, argument=1),
    Tool("zoom", ("minus",), _("smaller"), LAYOUT, argument=-1),
    Tool("fit", ("f",), _("fit to the pane"), LAYOUT),
    Tool("native", ("equals_sign",), _("loupe: one image pixel per screen pixel (1:1) at the pointer, and back"), LAYOUT),
    Tool("mode", ("t",), _("pan with the arrow keys"), LAYOUT, argument="pan", rank=9, short=_("pan")),
    Tool("measure", ("d",), _("distance"), MEASURE, argument="distance", rank=6, short=_("distance")),
    Tool("measure", ("a",), _("angle"), MEASURE, argument="angle"),
    Tool("measure", ("e",), _("ellipse: mean, SD, min, max, area"), MEASURE, argument="ellipse"),
    Tool("measure", (), _("rectangle: mean, SD, min, max, area"), MEASURE, argument="rectangle"),
    Tool("measure", (), _("area by any number of points"), MEASURE, argument="polygon"),
    Tool("measure", (), _("path by any number of points"), MEASURE, argument="polyline"),
    Tool("measure", (), _("Cobb angle between two lines"), MEASURE, argument="cobb"),
    Tool("probe", ("x",), _("read values with the arrow keys"), MEASURE),
    Tool("measurements", ("semicolon",), _("list of measurements: go to, save"), PAGES),
    Tool("save_measurements", (), _("save the measurements (JSON, DICOM report)"), MEASURE),
    Tool("delete_mark", ("delete",), _("delete the last measurement on this image"), MEASURE),
    Tool("delete_marks", (), _("delete all measurements"), MEASURE),
    Tool("key_image", ("m",), _("mark as key image, or not"), MEASURE),
    Tool("next_key_image", ("M",), _("next key image"), PAGES),
    Tool("copy_command", ("Y",), _("copy the command that opens this, for a colleague"), PAGES),
    Tool("copy_name", ("y",), _("copy the image's name for a report"), MEASURE),
    Tool("colours", ("dollar_sign",), _("colours in place of greys"), PICTURE),
    Tool("scale_bar", ("exclamation_mark",), _("scale bar on, off"), PICTURE),
    Tool("histogram", ("ampersand",), _("histogram of the values"), PICTURE),
    Tool("mirror", ("h",), _("mirror left and right"), PICTURE),
    Tool("flip", ("v",), _("flip top and bottom"), PICTURE),
    Tool("turn", ("r",), _("turn right"), PICTURE, argument=1),
    Tool("turn", ("R",), _("turn left"), PICTURE, argument=-1),
    Tool("annotations", ("i",), _("corner text: full, no names, only what has to be there"), PICTURE),
    Tool("mask", ("p",), _("hide names and numbers (our own text only)"), PICTURE),
    Tool("overlays", ("u",), _("the file's overlay planes on, off"), PICTURE),
    Tool("over", ("U",), _("what lies over this image: segmentations, contours, dose, presentation states"), PAGES),
    Tool("next_state", ("backslash",), _("next presentation state of this image, and back to the image"), PICTURE),
    Tool("interpolation", ("s",), _("smooth, plain pixels, cubic, Lanczos"), PICTURE),
    Tool("reset", ("backspace",), _("reset the view"), PICTURE),
    Tool("save", ("S",), _("save this view as a picture (PNG)"), PAGES, rank=13, short=_("save")),
    Tool("reports", ("D",), _("reports and documents"), PAGES, rank=7, short=_("reports")),
    Tool("verdict", ("V",), _("verdict: is it whole, whose is it, is it by the book"), PAGES, rank=7, short=_("verdict")),
    Tool("persons", ("tilde",), _("name all persons on the medium, or only the one in view"), PAGES),
    Tool("findings", ("F",), _("what is wrong, in words"), PAGES, rank=12, short=_("findings")),
    Tool("tags", ("T",), _("data elements of this image"), PAGES),
    Tool("open", ("o",), _("open something else"), PAGES),
    Tool("eject", ("ctrl+e",), _("eject the disc"), PAGES),
    Tool("retry", ("ctrl+r",), _("read again what could not be read"), PAGES),
    Tool("stop_trying", ("ctrl+k",), _("try no longer at bad spots of the disc"), PAGES),
    Tool("palette", ("ctrl+p",), _("find any action by its name"), PAGES),
    Tool("help", ("question_mark",), _("keys"), PAGES, rank=6, short=_("keys")),
    Tool("back", ("escape",), _("one step back"), PAGES),
    Tool("quit", ("q", "ctrl+q", "ctrl+c"), _("quit"), PAGES, rank=7, short=_("quit")),
    # in window mode left and right are width, up and down level
    Tool("window_width", ("right",), _("wider (less contrast)"), WINDOW, mode="window", argument=1, rank=1, short=_("width"), pair="←→"),
    Tool("window_width", ("left",), _("narrower (more contrast)"), WINDOW, mode="window", argument=-1),
    Tool("window_level", ("up",), _("level up (darker)"), WINDOW, mode="window", argument=1, rank=2, short=_("level"), pair="↑↓"),
    Tool("window_level", ("down",), _("level down (brighter)"), WINDOW, mode="window", argument=-1),
    Tool(
        "window_width", ("L", "shift+right"), _("wider, coarse"), WINDOW, mode="window", argument=10, rank=3, short=_("coarse"), pair="HJKL"
    ),
    Tool("window_width", ("H", "shift+left"), _("narrower, coarse"), WINDOW, mode="window", argument=-10),
    Tool("window_level", ("K", "shift+up"), _("level up, coarse"), WINDOW, mode="window", argument=10),
    Tool("window_level", ("J", "shift+down"), _("level down, coarse"), WINDOW, mode="window", argument=-10),
    Tool("zoom", ("up", "right"), _("larger"), LAYOUT, mode="zoom", argument=1, rank=1, short=_("larger")),
    Tool("zoom", ("down", "left"), _("smaller"), LAYOUT, mode="zoom", argument=-1, rank=2, short=_("smaller")),
    Tool("pan", ("left",), _("pan left"), LAYOUT, mode="pan", argument="left", rank=1, short=_("pan"), pair="←→↑↓"),
    Tool("pan", ("right",), _("pan right"), LAYOUT, mode="pan", argument="right"),
    Tool("pan", ("up",), _("pan up"), LAYOUT, mode="pan", argument="up"),
    Tool("pan", ("down",), _("pan down"), LAYOUT, mode="pan", argument="down"),
    # in measure and probe mode they move a cross over the image
    *(
        Tool("move_cross", (way, *also), title, MEASURE, mode=mode, argument=argument, rank=rank, short=short, pair=pair)
        for mode in ("measure", "probe")
        for way, also, title, argument, rank, short, pair in (
            ("left", (), _("one pixel left"), "left", 1, _("move"), "←→↑↓"),
            ("right", (), _("one pixel right"), "right", 0, "", ""),
            ("up", (), _("one pixel up"), "up", 0, "", ""),
            ("down", (), _("one pixel down"), "down", 0, "", ""),
            ("H", ("shift+left",), _("10 pixels left"), "LEFT", 2, _("by 10"), "HJKL"),
            ("L", ("shift+right",), _("10 pixels right"), "RIGHT", 0, "", ""),
            ("K", ("shift+up",), _("10 pixels up"), "UP", 0, "", ""),
            ("J", ("shift+down",), _("10 pixels down"), "DOWN", 0, "", ""),
        )
    ),
    Tool("put_point", ("enter", "space"), _("set a point"), MEASURE, mode="measure", rank=3, short=_("set a point")),
    Tool("finish_line", ("f",), _("end a path or an area"), MEASURE, mode="measure", rank=5, short=_("end a path")),
    Tool(
        "drop_point",
        ("backspace",),
        _("take the last point back, or the last measurement"),
        MEASURE,
        mode="measure",
        rank=4,
        short=_("take back"),
    ),
    Tool("move_point", ("left",), _("point to the left"), PANES, mode="point", argument="left", rank=1, short=_("point"), pair="←→↑↓"),
    Tool("move_point", ("right",), _("point to the right"), PANES, mode="point", argument="right"),
    Tool("move_point", ("up",), _("point up"), PANES, mode="point", argument="up"),
    Tool("move_point", ("down",), _("point down"), PANES, mode="point", argument="down"),
    Tool(
        "move_point",
        ("H", "shift+left"),
        _("point to the left, coarse"),
        PANES,
        mode="point",
        argument="LEFT",
        rank=2,
        short=_("coarse"),
        pair="HJKL",
    ),
    Tool("move_point", ("L", "shift+right"), _("point to the right, coarse"), PANES, mode="point", argument="RIGHT"),
    Tool("move_point", ("K", "shift+up"), _("point up, coarse"), PANES, mode="point", argument="UP"),
    Tool("move_point", ("J", "shift+down"), _("point down, coarse"), PANES, mode="point", argument="DOWN"),
    Tool("tilt", ("left",), _("tilt to the left"), PANES, mode="tilt", argument="left", rank=1, short=_("tilt"), pair="←→↑↓"),
    Tool("tilt", ("right",), _("tilt to the right"), PANES, mode="tilt", argument="right"),
    Tool("tilt", ("up",), _("tilt up"), PANES, mode="tilt", argument="up"),
    Tool("tilt", ("down",), _("tilt down"), PANES, mode="tilt", argument="down"),
)

MODES: tuple[tuple[str, str], ...] = (
    ("window", _("WINDOW")),
    ("zoom", _("ZOOM")),
    ("pan", _("PAN")),
    ("point", _("POINT")),
    ("tilt", _("TILT")),
    ("measure", _("MEASURE")),
    ("probe", _("PROBE")),
)

TREE_KEYS: tuple[tuple[str, str, str], ...] = (
    ("↑↓", "Up Down", _("move")),
    ("Enter", "Enter", _("open")),
    ("←→", "Left Right", _("fold, unfold")),
    ("/", "/", _("search")),
    ("Tab", "Tab", _("to the picture")),
    ("?", "?", _("keys")),
    ("q", "q", _("quit")),
)
"""What the tree itself takes: the keys, their plain names, what they do."""

PAGE_KEYS: tuple[tuple[str, str], ...] = (("Esc", _("back")), ("p", _("hide names")), ("?", _("keys")))
"""What the last line names while a page lies over the panes."""

PLAIN_KEYS: tuple[tuple[str, str, str], ...] = (
    ("↑↓", "Up Down", _("picture")),
    ("←→", "Left Right", _("set")),
    ("< >", "< >", _("darker brighter")),
    ("D", "D", _("report")),
    ("S", "S", _("save")),
    ("?", "?", _("keys")),
    ("q", "q", _("leave")),
)
"""What the last line names in plain mode."""

_SHOWN = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "colon": ":", "space": "space", "comma": ",", "full_stop": ".",
    "right_square_bracket": "]", "left_square_bracket": "[", "right_curly_bracket": "}", "left_curly_bracket": "{",
    "less_than_sign": "<", "greater_than_sign": ">", "plus": "+", "minus": "-", "equals_sign": "=", "question_mark": "?",
    "dollar_sign": "$", "exclamation_mark": "!", "ampersand": "&", "semicolon": ";", "quotation_mark": '"', "at": "@", "tilde": "~",
    "vertical_line": "|", "number_sign": "#", "underscore": "_", "asterisk": "*",
    "right_parenthesis": ")", "left_parenthesis": "(", "percent_sign": "%", "apostrophe": "'", "backslash": "\\", "slash": "/",
    "backspace": "Backspace", "escape": "Esc", "pagedown": "PgDn", "pageup": "PgUp",
    "home": "Home", "end": "End", "tab": "Tab", "enter": "Enter", "delete": "Del",
}  # fmt: skip

_KEY_OF = {shown: name for name, shown in _SHOWN.items() if len(shown) == 1 and shown.isascii()}

_ASCII = {"↑": "Up", "↓": "Down", "←": "Left", "→": "Right"}


def shown_key(key: str, ascii_only: bool = False) -> str:
    """A Textual key name as a person reads it: "ctrl+d" is "Ctrl+d", "less_than_sign" is "<"."""
    *modifiers, name = key.split("+")
    shown = _SHOWN.get(name, name)
    if ascii_only:
        shown = _ASCII.get(shown, shown)
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])


def remapped(keys: Mapping[str, tuple[str, ...]]) -> tuple[Tool, ...]:
    """The tools with other keys, by their ids. A key may be written as the character it types; taken by one tool, another one loses it.

    Raises:
        ValueError: there is no tool of this id.
    """
    if not keys:
        return TOOLS
    known = {tool.id for tool in TOOLS}
    for name in keys:
        if name not in known:
            raise ValueError(name)
    named = {name: tuple(_KEY_OF.get(key, key) for key in given) for name, given in keys.items()}
    modes = {tool.id: tool.mode for tool in TOOLS}
    taken = {(modes[name], key) for name, given in named.items() for key in given}
    return tuple(
        _with_keys(tool, named[tool.id] if tool.id in named else tuple(key for key in tool.keys if (tool.mode, key) not in taken))
        for tool in TOOLS
    )


def _with_keys(tool: Tool, keys: tuple[str, ...]) -> Tool:
    return tool if keys == tool.keys else replace(tool, keys=keys, pair="")


def tool_for(key: str, mode: str, tools: Sequence[Tool] = TOOLS) -> Tool | None:
    """The tool a key calls in a mode: the mode's own first, else the one of every mode."""
    fallback = None
    for tool in tools:
        if key in tool.keys:
            if tool.mode == mode:
                return tool
            if not tool.mode:
                fallback = tool
    return fallback


def footer_tools(mode: str, tools: Sequence[Tool] = TOOLS) -> tuple[Tool, ...]:
    """What the footer shows in a mode, most useful first."""
    return tuple(sorted((tool for tool in tools if tool.rank and tool.keys and tool.mode == mode), key=lambda tool: tool.rank))
