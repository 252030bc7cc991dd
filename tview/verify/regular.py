"""Files that a command line names beside the sources: ordinary ones only, for a pipe would be waited for."""

import os
import stat


def read_regular(path: str, most: int) -> bytes:
    """At most so many bytes of an ordinary file.

    Raises:
        OSError: it is none, or cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(None, "it is no ordinary file")
        return file.read(most)
