"""`python -m tests.reference --diagrams 10000 --first-seed 1`: random diagrams against the reference, with figures.

Stops at the first difference with its seed, the smallest diagram that shows it and the walk; exit code 1 then.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.reference.trials import Figures, try_seed

EVERY = 30  # seconds between two lines of progress


def main() -> int:
    """Run the trials that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.reference", description=__doc__)
    parser.add_argument("--diagrams", type=int, default=1_000, help="how many to try")
    parser.add_argument("--first-seed", type=int, default=1, help="the others follow it")
    parser.add_argument("--go-on", action="store_true", help="tell every difference, not only the first")
    told = parser.parse_args()
    figures, began, shown, different = Figures(), time.monotonic(), time.monotonic(), 0
    for seed in range(told.first_seed, told.first_seed + told.diagrams):
        report = try_seed(seed, figures)
        if report:
            different += 1
            _say(report)
            if not told.go_on:
                break
        if time.monotonic() - shown > EVERY:
            shown = time.monotonic()
            done = sum(figures.diagrams.values())
            _say(f"{done} diagrams, {figures.steps} steps, {shown - began:.0f} s")
    _sum_up(figures, different, time.monotonic() - began)
    return 1 if different else 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _sum_up(figures: Figures, different: int, seconds: float) -> None:
    shapes = ", ".join(f"{count} {shape}" for shape, count in sorted(figures.diagrams.items()))
    _say(f"{sum(figures.diagrams.values())} diagrams without a difference ({shapes}), {different} with one")
    _say(f"{figures.nodes} nodes, {figures.walks} walks, {figures.steps} steps; {figures.unsure} walks broken off")
    _say("steps: " + ", ".join(f"{count} {kind}" for kind, count in figures.done.most_common()))
    _say("ended: " + ", ".join(f"{count} {status}" for status, count in figures.ended.most_common()))
    _say("passed: " + ", ".join(f"{count} {kind}" for kind, count in figures.passed.most_common()))
    _say(f"{seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
