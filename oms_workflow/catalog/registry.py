"""The activities that are there: found by importing the packages that settings name. Runs none of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType

from oms_workflow.catalog.declaration import MARK, Declaration


class Catalog(Mapping[str, Declaration]):
    """Activities by name, in order of their names."""

    def __init__(self, declarations: Iterable[Declaration]) -> None:
        self._by_name: dict[str, Declaration] = {}
        for declaration in sorted(declarations, key=lambda one: one.name):
            twin = self._by_name.get(declaration.name)
            if twin is not None and twin.function is not declaration.function:
                raise TypeError(
                    f"activity {declaration.name!r} is declared twice: in {twin.function.__module__} "
                    f"and in {declaration.function.__module__}"
                )
            self._by_name[declaration.name] = declaration

    def __getitem__(self, name: str) -> Declaration:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


def discover(packages: Iterable[str]) -> Catalog:
    """Import the packages with all their modules and give the activities declared in them.

    Raises:
        ModuleNotFoundError: When a package does not exist.
        TypeError: When two functions claim one name.
    """
    return Catalog(declaration for name in packages for module in _modules(name) for declaration in _declared(module))


def _modules(name: str) -> Iterator[ModuleType]:
    package = importlib.import_module(name)
    yield package
    for found in pkgutil.walk_packages(getattr(package, "__path__", ()), prefix=f"{name}."):
        yield importlib.import_module(found.name)


def _declared(module: ModuleType) -> Iterator[Declaration]:
    for value in vars(module).values():
        declaration = getattr(value, MARK, None)
        if isinstance(declaration, Declaration) and value.__module__ == module.__name__:
            yield declaration
