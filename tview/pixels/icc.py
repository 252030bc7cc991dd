"""Colours brought to sRGB by the file's own ICC profile: PS3.3 C.11.15.

A profile is hostile bytes for littlecms, so each is first tried in a process that may die of it.
"""

import subprocess
import sys
from functools import lru_cache
from typing import Any

import numpy as np

from tview.dicom import DataSet
from tview.errors import Finding, finding
from tview.pixels.arrays import Pixels
from tview.text import safe

ICC_PROFILE, OPTICAL_PATH_SEQUENCE = 0x00282000, 0x00480105
_LARGEST = 16 << 20
_TRIAL_LIMIT_S = 10.0
_TRIAL = "import sys; from tview.pixels.icc import try_profile; sys.exit(try_profile(sys.stdin.buffer.read()))"


def read_profile(data_set: DataSet) -> tuple[bytes | None, tuple[Finding, ...]]:
    """The profile to apply to an image's colours, with what the reader is told of it; None where there is none or none is needed."""
    paths = data_set.items(OPTICAL_PATH_SEQUENCE)
    profile = data_set.raw(ICC_PROFILE) or (paths[0].raw(ICC_PROFILE) if paths else None)
    if not profile or not profile.strip(b"\0"):
        return None, ()
    name = safe(profile_name(profile) or "without a name", 60)
    if "srgb" in name.lower():
        return None, ()
    if profile[16:20] != b"RGB " or len(profile) > _LARGEST or not _survives(profile):
        return None, (finding("icc-unusable", profile=name),)
    return profile, (finding("icc-applied", profile=name),)


def to_srgb(rgb: Pixels, profile: bytes) -> Pixels:
    """(rows, columns, 3) uint8 in the colours of `profile`, as sRGB: perceptual intent, as C.11.15.1.1 has it."""
    from PIL import Image, ImageCms

    converted = ImageCms.applyTransform(Image.fromarray(np.ascontiguousarray(rgb)), _transform(profile))
    assert converted is not None
    return np.array(converted)


def profile_name(profile: bytes) -> str | None:
    """The description inside a profile, of either version; None when it has none that can be read."""
    for number in range(min(int.from_bytes(profile[128:132], "big"), 64)):
        entry = profile[132 + 12 * number : 144 + 12 * number]
        if entry[:4] == b"desc":
            start, size = int.from_bytes(entry[4:8], "big"), min(int.from_bytes(entry[8:12], "big"), 4096)
            body = profile[start : start + size]
            if body[:4] == b"desc":
                return body[12 : 12 + int.from_bytes(body[8:12], "big")].split(b"\0")[0].decode("latin-1")
            if body[:4] == b"mluc":
                length, offset = int.from_bytes(body[20:24], "big"), int.from_bytes(body[24:28], "big")
                return body[offset : offset + length].decode("utf-16-be", "replace")
    return None


def try_profile(profile: bytes) -> int:
    """Convert the corners of the colour space; gives an exit status. Runs in the process of the trial."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    corners = np.stack(np.meshgrid(*[np.arange(0, 256, 51, dtype=np.uint8)] * 3), axis=-1).reshape(6, 36, 3)
    return 0 if to_srgb(corners, profile).shape == corners.shape else 1


@lru_cache(maxsize=8)
def _survives(profile: bytes) -> bool:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", _TRIAL], input=profile, capture_output=True, cwd="/", timeout=_TRIAL_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@lru_cache(maxsize=8)
def _transform(profile: bytes) -> Any:
    import io

    from PIL import ImageCms

    return ImageCms.buildTransform(ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), "RGB", "RGB")
