#!/usr/bin/env python3
"""Make the tables that README and docs take from code. With --check nothing is written and stale tables are named (exit 1)."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def keys() -> str:
    from tview.ui.tools import TOOLS, shown_key

    groups = list(dict.fromkeys(tool.group for tool in TOOLS))
    rows = []
    for group in groups:
        for tool in (tool for tool in TOOLS if tool.group == group):
            shown = " ".join(f"`{shown_key(key)}`" for key in tool.keys)
            rows.append((shown, tool.title + (f" (in {tool.mode} mode)" if tool.mode else ""), group))
    return table(("key", "action", ""), rows)


def commands() -> str:
    from tview.cli.commands import COMMANDS

    return table(("command", "does"), [(f"`tview {c.name}`", c.summary) for c in COMMANDS])


def exits() -> str:
    from tview.errors import EXIT_MEANINGS, Exit

    return table(("code", "meaning"), [(str(int(code)), EXIT_MEANINGS[code]) for code in Exit])


def findings() -> str:
    from tview.errors import FINDING_KINDS

    rows = [(f"`{kind.code}`", kind.severity.value, kind.message, kind.advice, kind.clause or "") for kind in FINDING_KINDS]
    return table(("code", "severity", "what it says", "what to do", "clause"), rows)


def syntaxes() -> str:
    from tview.pixels.syntaxes import SYNTAXES

    loss = {True: "lossy", False: "lossless", None: "the stream tells"}
    rows = [(f"`{s.uid}`", s.name, loss[s.lossy], ", ".join(s.decoders) or "named, not shown") for s in SYNTAXES]
    return table(("transfer syntax", "name", "", "decoders, in this order"), rows)


def encoders() -> str:
    from tview.terminal import ENCODERS

    return table(("`--graphics`", "what it is"), [(f"`{kind.name}`", kind.title) for kind in ENCODERS])


def quirks() -> str:
    from tview.terminal import QUIRKS

    def versions(quirk: object) -> str:
        parts = [f"{word} {'.'.join(map(str, numbers))}" for word, numbers in (("from", quirk.since), ("before", quirk.before)) if numbers]  # type: ignore[attr-defined]
        return ", ".join(parts)

    return table(("terminal", "versions", "what is known"), [(quirk.name, versions(quirk), quirk.why) for quirk in QUIRKS])


def checks() -> str:
    from tview.verify import CHECKS

    rows = [
        (str(c.number), c.grade, c.axis, c.title, c.why, c.act, ", ".join(f"`{code}`" for code in c.codes) or "-", c.clause or "")
        for c in sorted(CHECKS, key=lambda check: check.number)
    ]
    return table(("no.", "grade", "about", "what should be so", "why it matters", "what to do", "findings", "clause"), rows)


def classes() -> str:
    from tview.dicom import STORAGE_CLASSES
    from tview.documents import kind_for_object
    from tview.documents.over import OVER_KINDS
    from tview.documents.slides import WHOLE_SLIDE

    shown = {"image": "picture", "segmentation": "picture", "pdf": "pages as pictures, and as text"}
    shown["waveform"] = "traces on pages, and as text"
    own = {WHOLE_SLIDE: "one picture of all tiles, from the level that the zoom needs"}
    own |= {uid: "named, not played; text: waveform" for uid, name, _kind in STORAGE_CLASSES if "Audio" in name}

    def opens_as(uid: str, kind: str) -> str:
        told = own.get(uid) or shown.get(kind) or f"text: {kind_for_object(uid, kind).title}"
        over = {"state": "applied to its images (`\\`)", "key-images": "marks its images (`M`)"}
        return f"{told}; {over.get(OVER_KINDS[uid], 'drawn over images (`U`)')}" if uid in OVER_KINDS else told

    rows = [(f"`{uid}`", name.removesuffix(" Storage"), kind, opens_as(uid, kind)) for uid, name, kind in STORAGE_CLASSES]
    return table(("SOP class", "name", "kind", "opens as"), rows)


def documents() -> str:
    from tview.documents import DOCUMENTS

    rows = [
        (k.name, k.title, ", ".join((*k.object_kinds, *k.sop_class_uids)), ", ".join(k.file_kinds), "yes" if k.is_reading else "")
        for k in DOCUMENTS
    ]
    return table(("kind", "what it is", "objects", "files outside DICOM", "`tview report` without a choice"), rows)


def settings() -> str:
    from dataclasses import fields

    from tview import settings as module

    rows = []
    for field in fields(module.Settings):
        allowed = module._CHOICES.get(field.name) or module._RANGES.get(field.name)
        default = getattr(module.Settings(), field.name)
        if field.name in module._CHOICES:
            values = " ".join(f"`{value}`" for value in allowed)
        elif allowed:
            values = f"{allowed[0]} to {allowed[1]}"
        else:
            values = "`true` `false`" if isinstance(default, bool) else "see below"
        shown = str(default).lower() if isinstance(default, bool) else str(default) if default else ""
        rows.append((f"`{field.name}`", module.MEANINGS[field.name], values, f"`{shown}`" if shown else ""))
    return table(("setting", "what it is", "values", "default"), rows)


def tools() -> str:
    from tview.ui.tools import TOOLS, shown_key

    rows = [(f"`{tool.id}`", " ".join(f"`{shown_key(key)}`" for key in tool.keys) or "palette", tool.title) for tool in TOOLS]
    return table(("tool", "keys", "what it does"), rows)


def gestures() -> str:
    from tview.ui.gestures import GESTURES
    from tview.ui.tools import TOOLS, shown_key

    keys = {tool.id: tool.keys for tool in TOOLS if tool.keys}
    rows = [(g.gesture, g.title, f"`{shown_key(keys[g.tool][0] if g.tool in keys else g.tool)}`") for g in GESTURES]
    return table(("mouse", "what it does", "key"), rows)


def corners() -> str:
    from pydicom.datadict import keyword_for_tag

    from tview.ui.technique import TECHNIQUES

    rows = [
        (modality, " ".join(f"`{'` or `'.join(keyword_for_tag(tag) for tag in shown.tags)}`" for shown in row))
        for modality, row in TECHNIQUES.items()
    ]
    return table(("modality", "what stands there"), rows)


TABLES = {
    "settings": settings,
    "tools": tools,
    "gestures": gestures,
    "corners": corners,
    "checks": checks,
    "keys": keys,
    "commands": commands,
    "exits": exits,
    "findings": findings,
    "syntaxes": syntaxes,
    "encoders": encoders,
    "quirks": quirks,
    "classes": classes,
    "documents": documents,
}
PLACE = re.compile(r"(<!-- table: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def main() -> int:
    check = "--check" in sys.argv[1:]
    stale = []
    for file in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = file.read_text(encoding="utf-8")
        made = PLACE.sub(lambda m: f"{m[1]}{TABLES[m[2]]()}\n{m[4]}", text)
        if made != text:
            stale.append(str(file.relative_to(ROOT)))
            if not check:
                file.write_text(made, encoding="utf-8")
    if check and stale:
        print(f"stale tables in {', '.join(stale)}; run scripts/make_docs.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
