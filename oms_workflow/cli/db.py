"""`oms db`: the shop's database: brings it to the schema of this version."""

from __future__ import annotations

import asyncio

import typer

from oms_workflow.cli.asking import opened, require_address
from oms_workflow.cli.language import say
from oms_workflow.cli.screen import AsJson, as_json, out


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.callback()(lambda: None)
    group.command("upgrade", help=say("db.upgrade.help"))(upgrade)
    app.add_typer(group, name="db", help=say("db.help"))


def upgrade(json: AsJson = False) -> None:
    """Apply every pending migration, in one transaction; again changes nothing."""
    applied, current = asyncio.run(_upgrade())
    if json:
        as_json({"applied": list(applied), "schema": current})
    elif applied:
        out.print(say("db.upgrade.done", count=len(applied), schema=current), markup=False)
        for name in applied:
            out.print(f"  {name}", markup=False)
    else:
        out.print(say("db.upgrade.nothing", schema=current), markup=False)


async def _upgrade() -> tuple[tuple[str, ...], str | None]:
    from contextlib import asynccontextmanager

    from oms_workflow.cli.database import vault_key
    from oms_workflow.settings import settings
    from oms_workflow.store import migrate
    from oms_workflow.store.database import Database

    chosen = settings()
    require_address(chosen)

    @asynccontextmanager
    async def opening():  # type: ignore[no-untyped-def]
        chosen.home.mkdir(parents=True, exist_ok=True)
        database = Database.open(chosen.database_url, vault_key=vault_key(chosen))
        try:
            applied = await migrate.upgrade(database)
            yield applied, await migrate.current(database)
        finally:
            await database.close()

    async with opened(opening()) as found:
        done: tuple[tuple[str, ...], str | None] = found
        return done
