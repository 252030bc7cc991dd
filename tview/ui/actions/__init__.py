"""What the tools do: one method ``action_<name>`` for each action of TOOLS, family by family, on the state of the screen."""

from tview.ui.actions.cine import CineActions
from tview.ui.actions.elements import ElementActions
from tview.ui.actions.images import ImageActions
from tview.ui.actions.layouts import LayoutActions
from tview.ui.actions.linking import LinkActions
from tview.ui.actions.looks import LookActions
from tview.ui.actions.mammography import MammographyActions
from tview.ui.actions.measuring import MeasureActions
from tview.ui.actions.mpr import MprActions
from tview.ui.actions.opening import OpeningActions
from tview.ui.actions.over import OverActions
from tview.ui.actions.pages import OPEN_ANOTHER, PageActions
from tview.ui.actions.picture import PictureActions
from tview.ui.actions.pointing import PointActions
from tview.ui.actions.reading import ReadingActions
from tview.ui.actions.searching import SearchActions
from tview.ui.actions.series import SeriesActions
from tview.ui.actions.slides import SlideActions
from tview.ui.actions.strip import StripActions
from tview.ui.actions.verdict import VerdictActions
from tview.ui.actions.window import WindowActions
from tview.ui.actions.zooming import ZoomActions

__all__ = ["OPEN_ANOTHER", "Actions"]


class Actions(
    OpeningActions,
    SearchActions,
    OverActions,
    SlideActions,
    ImageActions,
    CineActions,
    SeriesActions,
    LayoutActions,
    StripActions,
    LinkActions,
    PointActions,
    MprActions,
    MammographyActions,
    WindowActions,
    ZoomActions,
    MeasureActions,
    LookActions,
    PictureActions,
    ReadingActions,
    VerdictActions,
    ElementActions,
    PageActions,
):
    """All families together: the acting half of the main screen."""
