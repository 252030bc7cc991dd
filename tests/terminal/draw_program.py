"""Runs inside a real terminal: probes it, draws the picture of an .npy file, tells on a file what it found.

draw_program.py PICTURE.npy REPORT.json MODE GRAPHICS [TIMES]
MODE is "paint" (into a pane of a cleared screen), "draft", "erased" (painted and erased), or "inline" (TIMES times, then a prompt).
"""

import json
import os
import sys

import numpy as np

from tview.terminal import choose, make_encoder, probe

PANE = {"cell_x": 3, "cell_y": 2, "columns": 60, "rows": 25}


def main(picture_path: str, report_path: str, mode: str, graphics: str, times: str = "1") -> None:
    facts = probe(0, 1, os.environ, 5)
    choice = choose(facts, graphics)
    encoder = make_encoder(choice.path, facts)
    pattern = np.load(picture_path)
    rows, columns = encoder.fit(PANE["columns"], PANE["rows"])
    picture = np.ascontiguousarray(pattern[:rows, :columns])
    if mode == "inline":
        for _ in range(int(times)):
            os.write(1, b"before\r\n")
            write(encoder.inline(picture))
        os.write(1, b"after")
    else:
        write(b"\x1b[2J\x1b[H" + encoder.paint(picture, **PANE, draft=mode == "draft").draw)
        if mode == "erased":
            write(encoder.paint(picture, **PANE).erase)
    report = {
        "path": choice.path,
        "reason": choice.reason,
        "name": facts.name,
        "version": facts.version,
        "cell": facts.cell_px,
        "shape": picture.shape,
        "levels": encoder.grey_levels,
        "glyphs": facts.glyphs,
        "colours": facts.colours,
        "asked": [(answer.question, answer.answer, answer.meaning) for answer in facts.asked],
    }
    with open(report_path, "w", encoding="utf-8") as file:
        json.dump(report, file)


def write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


main(*sys.argv[1:])
