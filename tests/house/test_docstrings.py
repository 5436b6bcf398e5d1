"""Every public name of the product says what it is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.checkout import trees

OURS = ("oms_workflow/", "activities/", "workers/")

EXPLAINED_ELSEWHERE = {"process_bind_param", "process_result_value"}
"""Methods that SQLAlchemy asks for and explains."""

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public_names(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Documented]]:
    """Give public functions, classes and their public methods, by dotted name."""
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public_names(node.body, f"{prefix}{node.name}.")


def test_every_public_name_has_a_docstring():
    """Whoever meets a name learns what they get from it without reading its body."""
    silent = [
        f"{path}: {name}"
        for path, tree in trees()
        if path.startswith(OURS)
        for name, node in public_names(tree.body)
        if not ast.get_docstring(node) and node.name not in EXPLAINED_ELSEWHERE
    ]

    assert silent == []


def test_every_module_opens_with_a_sentence():
    """It says what the module is for, so that one need not read on to see that one is in the wrong place."""
    silent = [
        path
        for path, tree in trees()
        if path.startswith(OURS) and not path.endswith("__init__.py") and not ast.get_docstring(tree)
    ]

    assert silent == []


def test_package_files_hold_nothing_but_names_of_their_room():
    """Python runs `__init__.py` before any module of the room: an import of another floor there undoes the floors."""
    foreign = []
    for path, tree in trees():
        if path.startswith("oms_workflow/") and path.endswith("/__init__.py"):
            room = ".".join(path.split("/")[:2]) if path.count("/") > 1 else "oms_workflow"
            allowed = (room, "oms_workflow.errors", "__future__")
            foreign += [f"{path}: {name}" for name in imported(tree) if not name.startswith(allowed)]

    assert foreign == []


def imported(tree: ast.Module) -> Iterator[str]:
    """Give the modules that are imported at the top of a file."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."
