"""From a data set to the picture a reader expects: frames decoded, values windowed, sides lettered."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tview.pixels.colour_tables import COLOUR_TABLES
    from tview.pixels.comparing import Comparison, compare_decoders
    from tview.pixels.decoder import Decoder, DecoderLimits
    from tview.pixels.frame import Description, Frame
    from tview.pixels.geometry import Geometry, Letters, letters, letters_of
    from tview.pixels.groups import FrameGroups
    from tview.pixels.image import Image, open_image
    from tview.pixels.layers import Box, Colour, Drawing, Layer, MapLayer, blend, colour_table
    from tview.pixels.lossy import LossyMark
    from tview.pixels.marks import Contour, Label
    from tview.pixels.measure import MEASURE_KINDS, MeasureKind, Quantity, inside, measure, outline
    from tview.pixels.overlays import Overlay
    from tview.pixels.placement import Placement
    from tview.pixels.rendering import (
        InForce,
        Rendered,
        auto_window,
        in_force,
        overlay_layers,
        render,
        render_native,
        top_level_view,
    )
    from tview.pixels.store import FrameStore
    from tview.pixels.suv import Suv, suv_of
    from tview.pixels.syntaxes import SYNTAXES, Syntax, syntax_of
    from tview.pixels.tables import LookupTable
    from tview.pixels.ultrasound import Region, read_regions, region_of
    from tview.pixels.units import PRESETS, PixelScale, Preset
    from tview.pixels.view import View, Window

_PLACES = {
    "comparing": ("Comparison", "compare_decoders"),
    "decoder": ("Decoder", "DecoderLimits"),
    "frame": ("Description", "Frame"),
    "geometry": ("Geometry", "Letters", "letters", "letters_of"),
    "groups": ("FrameGroups",),
    "image": ("Image", "open_image"),
    "layers": ("Box", "Colour", "Drawing", "Layer", "MapLayer", "blend", "colour_table"),
    "colour_tables": ("COLOUR_TABLES",),
    "lossy": ("LossyMark",),
    "marks": ("Contour", "Label"),
    "measure": ("MEASURE_KINDS", "MeasureKind", "Quantity", "inside", "measure", "outline"),
    "overlays": ("Overlay",),
    "placement": ("Placement",),
    "rendering": ("InForce", "Rendered", "auto_window", "in_force", "overlay_layers", "render", "render_native", "top_level_view"),
    "store": ("FrameStore",),
    "suv": ("Suv", "suv_of"),
    "syntaxes": ("SYNTAXES", "Syntax", "syntax_of"),
    "tables": ("LookupTable",),
    "ultrasound": ("Region", "read_regions", "region_of"),
    "units": ("PRESETS", "PixelScale", "Preset"),
    "view": ("View", "Window"),
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "COLOUR_TABLES",
    "MEASURE_KINDS",
    "PRESETS",
    "SYNTAXES",
    "Box",
    "Colour",
    "Comparison",
    "Contour",
    "Decoder",
    "DecoderLimits",
    "Description",
    "Drawing",
    "Frame",
    "FrameGroups",
    "FrameStore",
    "Geometry",
    "Image",
    "InForce",
    "Label",
    "Layer",
    "Letters",
    "LookupTable",
    "LossyMark",
    "MapLayer",
    "MeasureKind",
    "Overlay",
    "PixelScale",
    "Placement",
    "Preset",
    "Quantity",
    "Region",
    "Rendered",
    "Suv",
    "Syntax",
    "View",
    "Window",
    "auto_window",
    "blend",
    "colour_table",
    "compare_decoders",
    "in_force",
    "inside",
    "letters",
    "letters_of",
    "measure",
    "open_image",
    "outline",
    "overlay_layers",
    "read_regions",
    "region_of",
    "render",
    "render_native",
    "suv_of",
    "syntax_of",
    "top_level_view",
]


def __getattr__(name: str) -> Any:
    """The public names, each imported on first use: numpy takes 79 ms, and the first paint does without it."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
