"""Writes the pages of the documentation that are made from code; with --check only says whether they are up to date.

    python -m oms_workflow.cli.generate [--check]

To have another page made, add a line to `PAGES`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from oms_workflow.cli.documenting import commands_page
from oms_workflow.connect.importing.documenting import reference_page
from oms_workflow.connect.world.script.reference import reference
from oms_workflow.diagrams.documenting import elements_page, rules_page
from oms_workflow.diagrams.process_page import processes_page
from oms_workflow.feel.builtins.documenting import functions_page
from oms_workflow.store.documenting import orders_page

ROOT = Path(__file__).resolve().parents[2]

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/cli.md": commands_page,
    "docs/elements.md": elements_page,
    "docs/feel-functions.md": functions_page,
    "docs/importing-reference.md": reference_page,
    "docs/orders.md": lambda: orders_page(ROOT / "docs" / "orders.md"),
    "docs/processes.md": lambda: processes_page(ROOT / "docs" / "processes.md", ROOT / "processes"),
    "docs/world-script.md": reference,
    "docs/rules/index.md": lambda: rules_page(ROOT / "docs" / "rules"),
}
"""Path from the root of the checkout -> what gives its text."""


def generate(root: Path, *, check: bool) -> list[str]:
    """Write all pages, or only look; give the paths of those that were not up to date."""
    stale: list[str] = []
    for name, make in PAGES.items():
        path, text = root / name, make()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return stale


def main(arguments: Sequence[str]) -> int:
    """Run the command; 1 when --check finds a page that is not up to date."""
    if set(arguments) - {"--check"}:
        sys.stderr.write((__doc__ or "") + "\n")
        return 2
    check = "--check" in arguments
    stale = generate(ROOT, check=check)
    for name in stale:
        sys.stdout.write(f"{name} is not up to date; run `make docs`.\n" if check else f"wrote {name}\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
