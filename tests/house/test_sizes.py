"""Files and functions stay small enough to be read in one sitting, and are named after what they know."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePath

from tests.house.checkout import modules, trees

WALLS = (400, 50)  # lines of a file, of a function: tests, migrations, benchmarks and examples
PRODUCT_WALLS = (250, 30)
PRODUCT = ("oms_workflow/", "activities/", "workers/")
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}

FROZEN = "oms_workflow/store/migrations/versions/"
"""A migration stays as it was run; a table of it is one call with a line for each column."""

LONGER = {
    "oms_workflow/catalog/declaration.py:node_activity": "a table: each of its arguments goes in once and out once",
    "oms_workflow/feel/regex/matcher.py:_match_at": "one loop; every pattern would pay for a call at each of its steps",
}
"""Functions that are longer, and why they are not divided."""


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
    found = {name: lines for name, text in modules() if (lines := len(text.splitlines())) > walls(name)[0]}
    for name, tree in trees():
        found |= {f"{name}:{one.name}": length(one) for one in functions(tree) if length(one) > walls(name)[1]}
    return found


def walls(name: str) -> tuple[int, int]:
    """Give the most lines a file may have, and a function in it."""
    return PRODUCT_WALLS if name.startswith(PRODUCT) and not name.startswith(FROZEN) else WALLS


def test_no_file_and_no_function_is_beyond_its_wall():
    """A file of a thousand lines is where nobody finds anything; it starts with one line too many."""
    assert {name: lines for name, lines in beyond_the_walls().items() if name not in LONGER} == {}


def test_what_may_be_longer_is_longer():
    """A reason that outlives its function would let the next one grow."""
    assert [name for name in LONGER if name not in beyond_the_walls()] == []


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
