"""From a data set to the picture a reader expects: frames decoded, values windowed, sides lettered."""

from typing import TYPE_CHECKING

from tview.late import late_names

if TYPE_CHECKING:
    from tview.pixels.asked import asked_view, window_of
    from tview.pixels.colour_tables import COLOUR_TABLES
    from tview.pixels.comparing import Comparison, compare_decoders
    from tview.pixels.decoder import Decoder, DecoderLimits
    from tview.pixels.frame import Description, Frame
    from tview.pixels.fusion import apply_blending_state, box_between
    from tview.pixels.geometry import Geometry, Letters, letters, letters_of
    from tview.pixels.groups import FrameContent, FrameGroups
    from tview.pixels.image import Image
    from tview.pixels.isolines import Isolines
    from tview.pixels.layers import Box, Colour, Drawing, Layer, MapLayer, blend, colour_table
    from tview.pixels.looks import Coloured, ScaleBar
    from tview.pixels.lossy import LossyMark
    from tview.pixels.marks import Contour, Label
    from tview.pixels.measuring import inside, kind_of_measure, measure, outline
    from tview.pixels.opening import open_image
    from tview.pixels.overlays import Overlay
    from tview.pixels.placement import Placement
    from tview.pixels.presentation import PresentationState, Presented, apply_presentation_state
    from tview.pixels.presentation_kinds import PRESENTATION_KINDS
    from tview.pixels.presentation_reading import read_presentation_state
    from tview.pixels.quantities import MEASURE_KINDS, MeasureKind, Quantity
    from tview.pixels.real_world import RealWorldMap
    from tview.pixels.reference import image_point, nearest_slice, patient_centre, reference_line, share_frame
    from tview.pixels.rendering import (
        InForce,
        Rendered,
        auto_window,
        in_force,
        overlay_layers,
        render,
        render_native,
        shutter_layers,
        top_level_view,
    )
    from tview.pixels.reslice_cut import reslice
    from tview.pixels.reslice_layers import PROJECTIONS
    from tview.pixels.reslice_planes import Plane, face, face_count, face_index, plane_through
    from tview.pixels.shutters import Shutter
    from tview.pixels.store import FrameStore
    from tview.pixels.suv import Suv, suv_of
    from tview.pixels.syntaxes import SYNTAXES, Syntax, syntax_of
    from tview.pixels.tables import LookupTable
    from tview.pixels.ultrasound import Region, read_regions, region_of
    from tview.pixels.units import PRESETS, PixelScale, Preset
    from tview.pixels.values import Meaning, PixelValue, value_at
    from tview.pixels.view import View, Window
    from tview.pixels.volume import Volume
    from tview.pixels.volume_grid import Grid
    from tview.pixels.volume_plan import VolumePlan, plan_volume

_PLACES = {
    "asked": ("asked_view", "window_of"),
    "comparing": ("Comparison", "compare_decoders"),
    "decoder": ("Decoder", "DecoderLimits"),
    "frame": ("Description", "Frame"),
    "fusion": ("apply_blending_state", "box_between"),
    "geometry": ("Geometry", "Letters", "letters", "letters_of"),
    "groups": ("FrameContent", "FrameGroups"),
    "image": ("Image",),
    "isolines": ("Isolines",),
    "opening": ("open_image",),
    "layers": ("Box", "Colour", "Drawing", "Layer", "MapLayer", "blend", "colour_table"),
    "colour_tables": ("COLOUR_TABLES",),
    "looks": ("Coloured", "ScaleBar"),
    "lossy": ("LossyMark",),
    "marks": ("Contour", "Label"),
    "measuring": ("inside", "kind_of_measure", "measure", "outline"),
    "quantities": ("MEASURE_KINDS", "MeasureKind", "Quantity"),
    "overlays": ("Overlay",),
    "placement": ("Placement",),
    "presentation": ("Presented", "PresentationState", "apply_presentation_state"),
    "presentation_kinds": ("PRESENTATION_KINDS",),
    "presentation_reading": ("read_presentation_state",),
    "real_world": ("RealWorldMap",),
    "rendering": (
        "InForce",
        "Rendered",
        "auto_window",
        "in_force",
        "overlay_layers",
        "render",
        "render_native",
        "shutter_layers",
        "top_level_view",
    ),
    "reference": ("image_point", "nearest_slice", "patient_centre", "reference_line", "share_frame"),
    "shutters": ("Shutter",),
    "reslice_cut": ("reslice",),
    "reslice_layers": ("PROJECTIONS",),
    "reslice_planes": ("Plane", "face", "face_count", "face_index", "plane_through"),
    "store": ("FrameStore",),
    "suv": ("Suv", "suv_of"),
    "syntaxes": ("SYNTAXES", "Syntax", "syntax_of"),
    "tables": ("LookupTable",),
    "ultrasound": ("Region", "read_regions", "region_of"),
    "units": ("PRESETS", "PixelScale", "Preset"),
    "values": ("Meaning", "PixelValue", "value_at"),
    "view": ("View", "Window"),
    "volume": ("Volume",),
    "volume_grid": ("Grid",),
    "volume_plan": ("VolumePlan", "plan_volume"),
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "COLOUR_TABLES",
    "MEASURE_KINDS",
    "PRESENTATION_KINDS",
    "PRESETS",
    "PROJECTIONS",
    "SYNTAXES",
    "Box",
    "Colour",
    "Coloured",
    "Comparison",
    "Contour",
    "Decoder",
    "DecoderLimits",
    "Description",
    "Drawing",
    "Frame",
    "FrameContent",
    "FrameGroups",
    "FrameStore",
    "Geometry",
    "Grid",
    "Image",
    "InForce",
    "Isolines",
    "Label",
    "Layer",
    "Letters",
    "LookupTable",
    "LossyMark",
    "MapLayer",
    "Meaning",
    "MeasureKind",
    "Overlay",
    "PixelScale",
    "PixelValue",
    "Placement",
    "Plane",
    "PresentationState",
    "Presented",
    "Preset",
    "Quantity",
    "RealWorldMap",
    "Region",
    "Rendered",
    "ScaleBar",
    "Shutter",
    "Suv",
    "Syntax",
    "View",
    "Volume",
    "VolumePlan",
    "Window",
    "apply_blending_state",
    "apply_presentation_state",
    "asked_view",
    "auto_window",
    "blend",
    "box_between",
    "colour_table",
    "compare_decoders",
    "face",
    "face_count",
    "face_index",
    "image_point",
    "in_force",
    "inside",
    "kind_of_measure",
    "letters",
    "letters_of",
    "measure",
    "nearest_slice",
    "open_image",
    "outline",
    "overlay_layers",
    "patient_centre",
    "plan_volume",
    "plane_through",
    "read_presentation_state",
    "read_regions",
    "reference_line",
    "region_of",
    "render",
    "render_native",
    "reslice",
    "share_frame",
    "shutter_layers",
    "suv_of",
    "syntax_of",
    "top_level_view",
    "value_at",
    "window_of",
]

__getattr__ = late_names(__name__, globals(), _MODULE_OF)  # numpy takes 79 ms, and the first paint does without it
