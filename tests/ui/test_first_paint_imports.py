"""What the first paint waits for: no heavy package is imported with the viewer's own modules."""

import subprocess
import sys

HEAVY = ("numpy", "pydicom", "cv2", "imagecodecs", "PIL", "isal", "textual_image", "pycdlib")


def test_the_viewer_is_imported_without_heavy_packages():
    code = f"import sys, tview.ui; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
