"""`oms stock bundle` and `oms stock bundles`: goods that are sold as one thing and kept as several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_workflow.cli.asking import ask_store
from oms_workflow.cli.failing import Unusable
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, as_table, out, titles

if TYPE_CHECKING:
    from oms_workflow.domain.bundle import Bundle, Component


def register(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("bundle", help=say("stock.bundle.help"))(bundle)
    group.command("bundles", help=say("stock.bundles.help"))(bundles)


def bundle(
    sku: Annotated[str, typer.Argument(metavar="SKU", help=say("stock.bundle.sku"))],
    components: Annotated[
        list[str] | None, typer.Argument(metavar="COMPONENT=PIECES[:SHARE]...", help=say("stock.bundle.components"))
    ] = None,
    title: Annotated[str, typer.Option(help=say("stock.bundle.title"))] = "",
    json: AsJson = False,
) -> None:
    """Say what a bundle is made of from now on; without components it is a bundle no more."""
    from oms_workflow.domain.bundle import Bundle

    try:
        parts = tuple(_component(one) for one in components or ())
        made = Bundle(sku=sku, title=title, components=parts) if parts else None
    except ValueError as wrong:
        raise Unusable(say("stock.bundle.bad", sku=repr(sku)), code="bad-bundle") from wrong

    async def asked(unit: Any) -> None:
        from oms_workflow.domain.ports.bundles import Bundles
        from oms_workflow.store.bindings import bind

        port = bind(Bundles, unit)
        await (port.drop(sku) if made is None else port.save(made))
        await unit.commit()

    ask_store(asked)
    if json:
        as_json({"sku": sku, "title": title, "components": [] if made is None else _parts(made)})
    else:
        out.print(say("stock.bundle.dropped" if made is None else "stock.bundle.saved", sku=sku), markup=False)


def bundles(json: AsJson = False) -> None:
    """List bundles and how many of each could be promised now."""

    async def asked(unit: Any) -> list[tuple[Bundle, dict[str, int]]]:
        from oms_workflow.domain.ports.bundles import Bundles
        from oms_workflow.store.bindings import bind

        port = bind(Bundles, unit)
        return [(one, await port.available(one.sku)) for one in await port.all()]

    found = ask_store(asked)
    if json:
        as_json({"bundles": [_document(one, free) for one, free in found]})
    elif not found:
        out.print(say("stock.bundles.none"))
    else:
        rows = [
            [
                one.sku,
                one.title,
                " + ".join(f"{part.quantity} {part.sku}" for part in one.components),
                sum(free.values()),
            ]
            for one, free in found
        ]
        as_table(titles("sku", "name", "goods", "available#"), rows)


def _component(told: str) -> Component:
    """Read `TEA=2` or `TEA=2:30`."""
    from oms_workflow.domain.bundle import Component

    sku, _, rest = told.partition("=")
    quantity, _, share = rest.partition(":")
    if not sku:
        raise ValueError(told)
    return Component(sku=sku, quantity=int(quantity or 1), share=int(share or 1))


def _parts(one: Bundle) -> list[dict[str, Any]]:
    return [{name: getattr(part, name) for name in ("sku", "quantity", "share")} for part in one.components]


def _document(one: Bundle, free: dict[str, int]) -> dict[str, Any]:
    shelves = [{"warehouse": place, "available": many} for place, many in free.items()]
    return {"sku": one.sku, "title": one.title, "components": _parts(one), "available": shelves}
