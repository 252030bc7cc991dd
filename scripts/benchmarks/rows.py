"""Every row, in one tuple: the command line, the table and the tests are made from it."""

from benchmarks import row_encode, row_keys, row_pixels, row_reading, row_show, row_start, row_volume
from benchmarks.values import Row

ROWS: tuple[Row, ...] = (
    Row("start", "First paint of the viewer", row_start.start),
    Row("show", "One picture, whole process", row_show.show),
    Row("disc", "First picture of a disc", row_show.disc),
    Row("scan", "Header scan", row_reading.scan),
    Row("directory", "DICOMDIR", row_reading.directory),
    Row("listing", "List of an ISO image", row_reading.listing),
    Row("decode", "Decoding, hand-over from the worker process included", row_pixels.decode),
    Row("picture", "Window and resize", row_pixels.picture),
    Row("volume", "A stack as a volume", row_volume.volume),
    Row("mpr", "Cuts through a volume", row_volume.mpr),
    Row("encode", "Frame to terminal bytes", row_encode.encode),
    Row("cine", "Cine, decoding to bytes", row_pixels.cine),
    Row("keys", "Key to picture", row_keys.keys),
    Row("held", "Scrolling", row_keys.held),
    Row("memory", "Memory while scrolling", row_keys.memory),
    Row("imports", "Import of the command line", row_start.imports),
)
