"""File names of our own making: a name from a disc may hold a patient's."""


def object_name(
    series_number: int | None, instance_number: int | None, series_in_list: int, instance_in_list: int, frame: int | None = None
) -> str:
    """``se0004_im0207``, ``se0004_im0207_f0012`` for a frame (from 1).

    A number the file does not give is replaced by the place in the list, marked with an n: ``sen0004_imn0012``.
    """
    series = f"se{series_number:04d}" if series_number is not None and 0 <= series_number < 10**9 else f"sen{series_in_list:04d}"
    image = f"im{instance_number:04d}" if instance_number is not None and 0 <= instance_number < 10**9 else f"imn{instance_in_list:04d}"
    return f"{series}_{image}" + (f"_f{frame:04d}" if frame is not None else "")


def study_folder(study_in_list: int) -> str:
    """``st0002``: the folder of one study where several are written, since every study has a series 1. The number is that of `ls`."""
    return f"st{study_in_list:04d}"
