"""Turns a syntax tree into nested Python functions, once, so that evaluating is only calling them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from oms_workflow.feel.errors import FeelSyntaxError
from oms_workflow.feel.lexer import syntax_error
from oms_workflow.feel.scope import Body, Code, Scope
from oms_workflow.feel.syntax import Node
from oms_workflow.feel.types import FeelType

Handler = Callable[["Compiler", Any], Code]


class Compiler:
    """Compiles the nodes of one text; the table of handlers says how each kind of node is done."""

    def __init__(self, text: str, handlers: Mapping[type, Handler], types: Mapping[str, FeelType]) -> None:
        self.text = text
        self.types = types  # named types beyond those of FEEL: item definitions
        self.scope = Scope([], None)
        self._handlers = handlers
        self._nodes = 0
        self._level = 0
        self._deepest = 0

    def compile(self, node: Node) -> Code:
        """Give the code of a node."""
        self._nodes += 1
        self._level += 1
        self._deepest = max(self._deepest, self._level)
        code = self._handlers[type(node)](self, node)
        self._level -= 1
        return code

    @property
    def depth(self) -> int:
        """Python frames that what was compiled so far needs at most."""
        return self._deepest

    def body(self, node: Node, names: list[str] | None) -> Body:
        """Give the code of a node that runs in a frame of its own with these names; None: a filtered item."""
        nodes, deepest, self._deepest = self._nodes, self._deepest, self._level
        with self.frame(names):
            code = self.compile(node)
        found = Body(code, self._nodes - nodes, self._deepest - self._level + 1)
        self._deepest = max(self._deepest, deepest)
        return found

    @contextmanager
    def frame(self, names: list[str] | None) -> Iterator[None]:
        """Compile what follows inside one more frame."""
        self.scope = Scope(names, self.scope)
        try:
            yield
        finally:
            outer = self.scope.parent
            assert outer is not None
            self.scope = outer

    def error(self, message: str, position: int) -> FeelSyntaxError:
        """Make the error for something that is well-formed but refused."""
        return syntax_error(message, self.text, position)
