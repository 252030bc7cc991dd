#!/usr/bin/env python3
"""Make docs/verify.md: an example of each output of verify and compare, from the demo disc and a damaged one. --check writes nothing."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "verify.md"

HEAD = """# What verify and compare print

Made by `scripts/verify_examples.py` from the demo disc, and from `fixtures/small/missing-file.iso`, whose list names a file that is not
there. Why each check is made is in [the checks](checks.md); the fields of `--json` are described by its [schema](schemas/verify-1.json).
"""


def main() -> int:
    made = HEAD + "".join(sections())
    if "--check" in sys.argv:
        stale = not PAGE.is_file() or PAGE.read_text() != made
        print(f"{PAGE.name} is stale; run scripts/verify_examples.py" if stale else f"{PAGE.name} is true")
        return int(stale)
    PAGE.write_text(made)
    return 0


def sections():
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "demo.iso").symlink_to(ROOT / "fixtures" / "demo.iso")
        (folder / "damaged.iso").symlink_to(ROOT / "fixtures" / "small" / "missing-file.iso")
        tview(folder, "copy", "damaged.iso", "copy")
        tview(folder, "copy", "demo.iso", "exam")
        victim = sorted(path for path in (folder / "exam" / "DICOM").rglob("*") if path.is_file())[5]
        victim.unlink()
        yield section("A disc that is whole", folder, "verify demo.iso")
        yield section("A disc that is not", folder, "verify damaged.iso")
        yield section("The request to the sender", folder, "verify damaged.iso --letter -", "No name is in it unless `--letter-name` asks.")
        yield section(
            "Against a request slip", folder, "verify damaged.iso --patient Miller^John --born 1950-02-01 --level headers",
            "The person is then \"not as expected\", and the exit code 1.",
        )  # fmt: skip
        yield section("Several discs", folder, "verify demo.iso damaged.iso")
        yield section("For a script", folder, "verify damaged.iso --json", lines=40)
        tview(folder, "verify", "damaged.iso", "--junit", "report.xml", "--html", "page.html")
        report = (folder / "report.xml").read_text().splitlines()
        yield block(
            "For what reads test results", "verify damaged.iso --junit report.xml", quiet("\n".join(report[:14])), "report.xml begins:"
        )
        yield HTML
        yield section("A disc and its copy", folder, "compare damaged.iso copy")
        yield section("A copy that lacks something", folder, "compare demo.iso exam")
        yield section("A disc and the list of sums of its copy", folder, "compare demo.iso exam/SHA256SUMS")
        yield WATCH


HTML = """
## To print

`tview verify damaged.iso --html page.html` writes the same as one page, without script, picture or reference to anything outside of it.
Other persons than the first are withheld there, too, unless `--show-all-persons` is given.
"""

WATCH = """
## A pile of discs

`tview verify --watch /dev/sr0 --log discs.tsv` judges every disc that is put in, prints a row, adds a line to the log, and ejects it;
Ctrl-C ends. With `--bell` it rings. The log has tabs between its fields and no names, unless `--log-person` asks for them:

    time  disc  label  images  whole  person  errors  warnings  seconds  exit
"""


def section(title: str, folder: Path, command: str, before: str = "", lines: int | None = None) -> str:
    printed = tview(folder, *command.split()).splitlines()
    more = ["..."] if lines is not None and len(printed) > lines else []
    return block(title, command, quiet("\n".join([*printed[:lines], *more])), before)


def block(title: str, command: str, printed: str, before: str = "") -> str:
    said = f"{before}\n\n" if before else ""
    return f"\n## {title}\n\n{said}```\n$ tview {command}\n{printed}\n```\n"


def tview(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tview", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout.rstrip()


def quiet(text: str) -> str:
    """Without what is another each time."""
    text = re.sub(r'("elapsed_s": )[\d.]+|(time=")[\d.]+', lambda match: f"{match[1] or match[2]}0.1", text)
    return re.sub(r"(?<=[ ·] )\d+ s$", "< 1 s", text, flags=re.MULTILINE)


if __name__ == "__main__":
    sys.exit(main())
