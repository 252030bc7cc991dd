"""Outcomes as text for the terminal and as the page docs/speed.md."""

import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks import peers
from benchmarks.values import OURS, Asked, Outcome, Row

_FACTOR = "×"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An asked limit beside what was measured. `met` None: it could not be measured."""

    asked: str
    measured: str
    met: bool | None


def judge(outcome: Outcome, asked: Asked) -> Verdict:
    """Hold the medians against one limit."""
    unit = asked.measure.rsplit("_", 1)[-1]
    what = asked.measure.rsplit("_", 1)[0].replace("_", " ")
    ours = outcome.medians.get(asked.ours, {}).get(asked.measure)
    limit = asked.at_most if asked.at_most is not None else asked.at_least
    assert limit is not None
    words = "≤" if asked.at_most is not None else "≥"
    if asked.peer is None:
        told = f"{what if asked.ours == OURS else f'{asked.ours}: {what}'} {words} {limit:g} {unit}"
        if ours is None:
            return Verdict(told, "not measured", None)
        return Verdict(told, f"{_number(ours)} {unit}", ours <= limit if asked.at_most is not None else ours >= limit)
    extra = f" + {asked.plus:g} {unit}" if asked.plus else ""
    sides = (asked.ours, asked.peer) if asked.at_most is not None else (asked.peer, asked.ours)
    told = f"{what}: {sides[0]} {words} {limit:g}{_FACTOR} {sides[1]}{extra}"
    peer = outcome.medians.get(asked.peer, {}).get(asked.measure)
    if ours is None or peer is None:
        return Verdict(told, "not measured", None)
    if asked.at_most is not None:
        return Verdict(told, f"{_number(ours / peer)}{_FACTOR}", ours <= limit * peer + asked.plus)
    return Verdict(told, f"{_number(peer / ours)}{_FACTOR}", peer >= limit * ours)


def as_text(row: Row, outcomes: Sequence[Outcome]) -> str:
    """The row for the terminal."""
    lines = [f"{row.name}: {row.title}"]
    for outcome in outcomes:
        lines += ["", f"  {outcome.group.title} (median of {outcome.repeats})"]
        table = _cases(outcome)
        widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
        for line in table:
            lines.append("    " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        for asked in outcome.group.asked:
            verdict = judge(outcome, asked)
            lines.append(f"    {_word(verdict.met):8} {verdict.asked}: {verdict.measured}")
        if outcome.group.remark:
            lines.append(f"    {outcome.group.remark}")
    return "\n".join(lines)


def as_page(rows: Mapping[Row, Sequence[Outcome]], load: float) -> str:
    """docs/speed.md."""
    lines = [
        "# Speed",
        "",
        "Made by `scripts/bench --write`: tview and other programs in turns in one run, medians. Milliseconds are this machine's; the",
        f"ratios travel. Others may have worked on it meanwhile (load {load:.1f} before, {load_now():.1f} after; the bench itself is 1):",
        "processor time (cpu) is what to trust, wall time is shown beside it.",
        "",
        f"{datetime.date.today().isoformat()} · {peers.machine()}",
        "",
        ", ".join(peers.versions()) + ".",
        "",
        "Every file is made by the run itself: pictures are the chest CT of the demo disc, headers are about 6 KB as scanners write them.",
        "",
        "| | asked | measured | |",
        "|---|---|---|---|",
    ]
    for row, outcomes in rows.items():
        for outcome in outcomes:
            for asked in outcome.group.asked:
                verdict = judge(outcome, asked)
                lines.append(f"| {row.title}: {outcome.group.title} | {verdict.asked} | {verdict.measured} | {_word(verdict.met)} |")
    for row, outcomes in rows.items():
        lines += ["", f"## {row.title} (`scripts/bench {row.name}`)"]
        for outcome in outcomes:
            lines += ["", f"**{outcome.group.title}**, median of {outcome.repeats}", ""]
            head, *table = _cases(outcome)
            lines += ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 2) + "|---|"]
            lines += ["| " + " | ".join(line) + " |" for line in table]
            notes = [asked.note for asked in outcome.group.asked if asked.note and judge(outcome, asked).met is False]
            for words in (*dict.fromkeys(notes), outcome.group.remark):
                if words:
                    lines += ["", words]
    return "\n".join(lines) + "\n"


def _cases(outcome: Outcome) -> list[list[str]]:
    """A head and a line for each case."""
    group = outcome.group
    table = [["", *(measure.rsplit("_", 1)[0].replace("_", " ") + " " + measure.rsplit("_", 1)[-1] for measure in group.measures), ""]]
    for case in group.cases:
        sample = outcome.medians.get(case.name)
        if sample is None:
            reason = outcome.left_out.get(case.name, "not run")
            table.append([case.name, *("–" for _ in group.measures), reason])
            continue
        table.append(
            [
                case.name,
                *(_number(sample[measure]) if measure in sample else "" for measure in group.measures),
                group.words.get(case.name, ""),
            ]
        )
    return table


def _number(value: float) -> str:
    """Three significant digits."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _word(met: bool | None) -> str:
    return "–" if met is None else "met" if met else "NOT met"


def load_now() -> float:
    return os.getloadavg()[0]
