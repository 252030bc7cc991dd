"""Runs inside a terminal: draws pictures of two sizes as fast as it answers for them, and writes what it found as JSON.

terminal_speed.py REPORT.json [GRAPHICS]
"""

import json
import os
import select
import sys
import time

import numpy as np

from tview.terminal import PictureStore, choose, make_encoder, probe
from tview.terminal.probe import raw_mode

FRAMES, IN_FLIGHT = 16, 2


def main(report: str, graphics: str = "auto") -> None:
    facts = probe(0, 1, os.environ, 5)
    path = choose(facts, graphics).path
    encoder = make_encoder(path, facts)
    store = PictureStore(facts) if path == "kitty" else None
    found: dict[str, object] = {
        "path": path,
        "name": facts.name,
        "version": facts.version,
        "levels": encoder.grey_levels,
        "glyphs": facts.glyphs,
    }
    width, height = facts.cell_px
    for side in (512, 1000):
        columns, rows = min(side // width, facts.columns - 1), min(side // height, facts.rows - 2)
        high, wide = encoder.fit(columns, rows)
        y, x = np.mgrid[:high, :wide]
        noise = np.random.default_rng(0).normal(0, 6, (high, wide))
        base = (120 + 70 * np.sin(x / 37) * np.cos(y / 31) + noise).clip(0, 255).astype(np.uint8)
        os.write(1, b"\x1b[2J")
        sizes, start = [], 0.0
        with raw_mode(0):
            waiting = 0
            for number in range(FRAMES):
                if number == 2:
                    start = time.monotonic()
                picture = np.roll(base, 7 * number, axis=0)
                if store is None:
                    data = encoder.paint(picture, 0, 1, columns, rows).draw
                else:
                    kept = store.keep(picture, columns, rows)
                    data = kept.send + store.place(0, kept, (0, 1, columns, rows), None)
                sizes.append(len(data))
                send(data + b"\x1b7\x1b[6n\x1b8")
                waiting += 1
                while waiting >= IN_FLIGHT:
                    waiting -= answers()
            while waiting > 0:
                waiting -= answers()
        found[str(side)] = [round((FRAMES - 2) / (time.monotonic() - start), 1), sum(sizes) // len(sizes), [high, wide]]
    send((store.free() if store else b"") + b"\x1b[2J")
    with open(report, "w", encoding="utf-8") as file:
        json.dump(found, file)


def send(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


def answers() -> int:
    if not select.select([0], [], [], 5)[0]:
        raise SystemExit("the terminal does not answer")
    return os.read(0, 4096).count(b"R")


if __name__ == "__main__":
    main(*sys.argv[1:])
