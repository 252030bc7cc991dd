"""A PDF or picture file that lies outside DICOM as a series of its own, for a pane to show. It belongs to nobody."""

from tview.catalog import Instance, OtherFile, Series, Stack, Study
from tview.text import SafeText, safe

FILE_KEY = "file:"


def as_series(file: OtherFile) -> tuple[Study, Series]:
    """An exam of one series of the file; everything that only an object could say is None."""
    key, name = f"{FILE_KEY}{file.source_number}:{file.path}", safe(file.path.rpartition("/")[2])
    instance = Instance(1, file.source_number, file.path, file.size, "ok", None, None, None, None, None, None, None, None, (), False, True)
    stack = Stack(key, None, SafeText(""), (instance,))
    series = Series(
        key=key,
        number_in_list=0,
        series_instance_uid=None,
        modality=None,
        series_number=None,
        series_description=name,
        series_date=None,
        body_part=None,
        laterality=None,
        view_position=None,
        sop_class_uids=(),
        kind="",
        plane=None,
        slice_thickness_mm=None,
        slice_spacing_mm=None,
        technique=None,
        contrast=None,
        phase=None,
        is_raw=False,
        is_scout=False,
        is_derived=False,
        stacks=(stack,),
        findings=(),
        shown_title=name,
        kind_label=safe(file.kind),
        image_count=1,
        frame_count=1,
        missing_count=0,
        damaged_count=0,
        unsupported_count=0,
    )
    study = Study(key, 0, None, None, None, name, None, None, None, (series,), None, name, 1, 0, 0)
    return study, series
