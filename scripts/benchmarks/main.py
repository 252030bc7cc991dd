"""The command line of the bench."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.material import Material
from benchmarks.report import as_page, as_text, load_now
from benchmarks.rows import ROWS
from benchmarks.timing import measure
from benchmarks.values import OURS, Bench, Outcome, Row

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "speed.md"


def main(arguments: Sequence[str]) -> int:
    """Run the rows asked for, or all. Gives 1 when a tview case failed; a missed limit is told and fails nothing."""
    options = _parser().parse_args(arguments)
    names = {row.name: row for row in ROWS}
    unknown = [name for name in options.rows if name not in names]
    if unknown:
        sys.exit(f"There is no row {', '.join(unknown)}. There are {', '.join(names)}.")
    chosen = [names[name] for name in options.rows] or list(ROWS)
    load, results, failed = load_now(), {}, False
    with tempfile.TemporaryDirectory(prefix="tview-bench-", dir=_place(options.folder), ignore_cleanup_errors=True) as folder:
        bench = Bench(options.quick, Path(folder), Material(Path(folder), options.quick, _tell))
        for row in chosen:
            outcomes = _run(row, bench)
            results[row] = outcomes
            print(as_text(row, outcomes), end="\n\n", flush=True)
            failed |= any(_failed(outcome) for outcome in outcomes)
    if options.quick:
        print("Small files and few repeats: these figures tell whether the bench works, not how fast anything is.")
    if options.write:
        _PAGE.write_text(as_page(results, load), encoding="utf-8")
    return 1 if failed else 0


def _run(row: Row, bench: Bench) -> list[Outcome]:
    started = time.perf_counter()
    outcomes = [measure(group, _tell) for group in row.groups(bench)]
    _tell(f"{row.name}: {time.perf_counter() - started:.0f} s")
    return outcomes


def _failed(outcome: Outcome) -> bool:
    """Whether a case of ours did not run to its end."""
    ours = {OURS, *(asked.ours for asked in outcome.group.asked)}
    return any(case.name in ours and case.name in outcome.left_out and not case.missing for case in outcome.group.cases)


def _place(wanted: str | None) -> str | None:
    """Memory rather than a disk, when there is a memory file system."""
    return wanted or ("/dev/shm" if Path("/dev/shm").is_dir() else None)


def _tell(words: str) -> None:
    """One line that replaces itself, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words[:100]}", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="tview and named peers in one run. Rows: " + ", ".join(row.name for row in ROWS)
    )
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--quick", action="store_true", help="small files, few repeats: whether it runs, in less than a minute")
    parser.add_argument("--write", action="store_true", help="write docs/speed.md")
    parser.add_argument("--folder", help="where the temporary files go (about 3 GB); /dev/shm by default")
    return parser
