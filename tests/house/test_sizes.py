"""Files and functions stay small enough to be read in one sitting, and are named after what they know."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePath

from tests.house.checkout import modules, trees

FILE_WALL = 400  # lines
FUNCTION_WALL = 50  # lines without the docstring
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}

FROZEN = "oms_workflow/store/migrations/versions/"
"""A migration stays as it was run; a table of it is one call, however many columns the table has."""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function from `def` to its end, without its docstring."""
    documented = function.body[0] if ast.get_docstring(function, clean=False) is not None else None
    docstring = (documented.end_lineno or 0) - documented.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def beyond_the_walls() -> dict[str, int]:
    """Give what is too long, with its lines."""
    found = {name: lines for name, text in modules() if (lines := len(text.splitlines())) > FILE_WALL}
    for name, tree in trees():
        if not name.startswith(FROZEN):
            found |= {f"{name}:{one.name}": length(one) for one in functions(tree) if length(one) > FUNCTION_WALL}
    return found


def test_no_file_and_no_function_is_beyond_its_wall():
    """A file of a thousand lines is where nobody finds anything; it starts with the four hundred and first."""
    assert beyond_the_walls() == {}


def test_the_lines_of_a_docstring_are_not_counted():
    """Explaining a function must not be what makes it too long."""
    (bare,), (explained,) = (
        list(functions(ast.parse(f"def f():\n{docstring}    return 1\n")))
        for docstring in ("", '    """A.\n\n    B."""\n')
    )

    assert length(bare) == length(explained) == 2


def test_modules_are_named_after_what_they_know():
    """Everything fits into `utils`, so nothing is found there."""
    assert [name for name, _ in trees() if SAYS_NOTHING & {*PurePath(name).with_suffix("").parts}] == []
