"""Opening the shop's database for a command that needs nothing else: no Temporal, no world, no diagrams.

Apart from `opening`, because Temporal's client and the world take seconds to import, and whoever lists orders needs
neither.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from oms_workflow.cli.language import say
from oms_workflow.errors import WorldUnavailable
from oms_workflow.settings import Settings
from oms_workflow.store.database import Database
from oms_workflow.store.migrate import pending, upgrade


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """Open the shop's database; our own file is brought to this version's schema.

    Raises:
        WorldUnavailable: When it does not answer, or has to be upgraded first.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database.open(settings.database_url, vault_key=vault_key(settings))
    try:
        if not settings.database.get_secret_value():
            await upgrade(database)
        elif await pending(database):
            raise WorldUnavailable(say("database.pending"))
        yield database
    finally:
        await database.close()


def vault_key(settings: Settings) -> bytes:
    """Give the secret for digests of personal data: the setting, else one made once and kept beside the database."""
    given = settings.vault_key.get_secret_value()
    if given:
        return given.encode()
    path = settings.home / "vault.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").encode()
    made = secrets.token_hex(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
    return made.encode()
