"""Material that lies beside the checkout: real orders, recorded bodies, cases of other engines.

Its licences keep it out of the project, so a clone by itself has none. Whatever needs it says so with `needs`, and is
left out then, with its reason at the end of `make test`. No tool is ever left out like that: without one, tests fail.
"""

from __future__ import annotations

from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2] / "shared"


def needs(place: Path) -> pytest.MarkDecorator:
    """Leave tests out where a place of the material is not there."""
    return pytest.mark.skipif(not place.exists(), reason=f"no part of the project, and not beside it: {place}")
