"""The kill test in any size, with figures: python -m tests.temporal.kills --orders 200 --kills 20"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from tests.temporal.killing import run


def main() -> int:
    """Run it; 0 when every order completed and all books are clean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--restarts", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        ran = asyncio.run(run(Path(home), orders=told.orders, kills=told.kills, restarts=told.restarts, seed=told.seed))
    sys.stdout.write(json.dumps(ran.to_json(), indent=2) + "\n")
    assert ran.audit is not None
    is_well = ran.statuses == {"completed, completed": told.orders} and ran.audit.is_clean and not ran.broken
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
