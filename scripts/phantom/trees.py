"""Branching trees that fill a space: the vessels and airways of a lung."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Cones from `start` to `end` (n, 3), thick `first` and `last` (n) mm."""

    start: Points
    end: Points
    first: Points
    last: Points

    def near(self, z: float, grow: float = 0.0) -> npt.NDArray[np.intp]:
        """Which cones an axial plane touches."""
        reach = np.maximum(self.first, self.last) + grow + 0.8
        low, high = np.minimum(self.start[:, 2], self.end[:, 2]) - reach, np.maximum(self.start[:, 2], self.end[:, 2]) + reach
        return np.nonzero((low <= z) & (z <= high))[0]


def grow(
    generator: np.random.Generator, trunk: Points, targets: Points, tip_mm: float, power: float, thrift: float = 0.35, most_mm: float = 9.0
) -> Tree:
    """Join every target to the tree by the cheapest branch: short, yet not far from the root; thickness by Murray's law with `power`.

    `trunk` (n, 3) is given from the root on. The nearer a target is to the root, the earlier it is joined.
    """
    nodes = [tuple(point) for point in trunk]
    parent = [-1, *range(len(trunk) - 1)]
    path = [0.0]
    for i in range(1, len(trunk)):
        path.append(path[-1] + float(np.linalg.norm(trunk[i] - trunk[i - 1])))
    order = np.argsort(np.linalg.norm(targets - trunk[-1], axis=1) + generator.normal(0, 9, len(targets)))
    places = np.zeros((len(nodes) + 40 * len(targets), 3))
    places[: len(nodes)] = nodes
    lengths = np.zeros(len(places))
    lengths[: len(nodes)] = path
    kids = np.zeros(len(places), int)
    kids[: len(nodes) - 1] = 1
    used = len(nodes)
    for target in targets[order]:
        away = np.linalg.norm(places[:used] - target, axis=1)
        cost = away + thrift * lengths[:used] + np.where(kids[:used] > 1, 60.0, 0.0)
        best = int(np.argmin(cost))
        distance = float(away[best])
        if distance < 0.5:
            continue
        count = max(1, int(np.ceil(distance / 4.0)))
        kids[best] += 1
        direction = (target - places[best]) / distance
        came = places[best] - places[parent[best]] if parent[best] >= 0 else direction
        came = came / max(float(np.linalg.norm(came)), 1e-6)
        previous, base = best, places[best].copy()
        for step in range(1, count + 1):
            t = step / count
            # leaves along the parent's heading, then bends to its target
            bend = came * (t * (1 - t) ** 2) * distance * 0.55
            wobble = generator.normal(0, 0.35, 3) * (step < count)
            place = base + direction * distance * t + bend + wobble
            places[used] = place
            lengths[used] = lengths[previous] + np.linalg.norm(place - places[previous])
            parent.append(previous)
            kids[used] = 1 if step < count else 0
            previous = used
            used += 1
    flow = np.zeros(used)
    flow[kids[:used] == 0] = 1.0
    for i in range(used - 1, 0, -1):
        flow[parent[i]] += flow[i]
    radius = tip_mm * np.maximum(flow, 1) ** (1 / power)
    up = np.asarray(parent[1:used])
    first, last = np.minimum(radius[up], radius[1:used] * 1.25), radius[1:used]
    return Tree(places[up], places[1:used], np.minimum(first, most_mm), np.minimum(last, most_mm))


def scatter(
    generator: np.random.Generator, inside: Callable[[Points], npt.NDArray[np.bool_]], low: Points, high: Points, count: int
) -> Points:
    """About evenly spread points in a space: of several tries, each time the one furthest from all before."""
    pool = generator.uniform(low, high, (count * 60, 3))
    pool = pool[inside(pool)]
    chosen = [pool[0]]
    nearest = np.linalg.norm(pool - pool[0], axis=1)
    for _ in range(count - 1):
        tries = generator.integers(0, len(pool), 9)
        best = tries[np.argmax(nearest[tries])]
        chosen.append(pool[best])
        nearest = np.minimum(nearest, np.linalg.norm(pool - pool[best], axis=1))
    return np.asarray(chosen)
