"""How Alembic gets to the database: over the connection it is handed, inside the transaction that is open there."""

from __future__ import annotations

from alembic import context

from oms_workflow.store.tables.all import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
context.run_migrations()
