"""Every row, in one tuple: the command line, the table and the tests are made from it."""

from benchmarks import row_start
from benchmarks.values import Row

ROWS: tuple[Row, ...] = (
    Row("start", "First paint of the viewer", row_start.start),
    Row("imports", "Import of the command line", row_start.imports),
)
