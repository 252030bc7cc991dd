#!/usr/bin/env python3
"""Collect the program's messages into every catalogue under tview/locale and compile them.

A message is what `_`, `translate` and `FindingKind` are given. With --check nothing is written, and a catalogue that is stale or lacks a
message is named (exit 1). `make_messages.py LANGUAGE` starts the catalogue of a further language.
"""

import ast
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "tview" / "locale"
MARKS = ("_", "translate", "FindingKind")


def messages_of(tree: ast.AST) -> list[str]:
    """The messages of one module, in its order."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in MARKS:
            continue
        told = [word.value for word in node.keywords if word.arg in ("message", "advice")]
        given = (node.args[2:4] + told) if node.func.id == "FindingKind" else node.args[:1]
        found += [part.value for part in given if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value]
    return found


def template() -> Catalog:
    """Every message of the program with the modules that say it."""
    catalog = Catalog(project="tview", copyright_holder="the tview authors", fuzzy=False)
    for module in sorted((ROOT / "tview").rglob("*.py")):
        place = str(module.relative_to(ROOT))
        for message in messages_of(ast.parse(module.read_text(encoding="utf-8"))):
            catalog.add(message, locations=[(place, 0)])
    return catalog


def written(catalog: Catalog) -> bytes:
    """As a .po file without dates, so that the same messages give the same bytes."""
    out = io.BytesIO()
    write_po(out, catalog, width=140, omit_header=False, sort_output=True, include_lineno=False, ignore_obsolete=True)
    keep = [line for line in out.getvalue().splitlines(keepends=True) if b"-Date:" not in line and b"Generated-By" not in line]
    return b"".join(keep)


def compiled(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # the same messages give the same bytes
    write_mo(out, catalog)
    return out.getvalue()


def main() -> int:
    check, started = "--check" in sys.argv[1:], [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    source, status = template(), 0
    files = sorted(LOCALE.glob("*/LC_MESSAGES/tview.po")) + [LOCALE / name / "LC_MESSAGES" / "tview.po" for name in started]
    for file in files:
        catalog = read_po(io.BytesIO(file.read_bytes())) if file.exists() else Catalog(locale=file.parent.parent.name)
        catalog.update(source, no_fuzzy_matching=True)
        catalog.fuzzy, catalog.header_comment, catalog.project = False, "# Messages of tview.", "tview"
        catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = "tview"
        lacking = [str(message.id) for message in catalog if message.id and not message.string]
        if lacking:
            print(f"{file.relative_to(ROOT)}: {len(lacking)} messages have no translation, such as {lacking[0]!r}")
            status = 1
        for target, content in ((file, written(catalog)), (file.with_suffix(".mo"), compiled(catalog))):
            if check and (not target.exists() or target.read_bytes() != content):
                print(f"{target.relative_to(ROOT)} is stale: run scripts/make_messages.py")
                status = 1
            elif not check:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    return status


if __name__ == "__main__":
    sys.exit(main())
