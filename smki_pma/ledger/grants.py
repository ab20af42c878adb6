"""What the web process's database role may do (PostgreSQL): of the ledger's tables, INSERT and SELECT.

Triggers stop accidents; the owner of a table can remove them. So the web process connects as a role that
owns nothing.
"""

from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from smki_pma.ledger.history import HistoryRow
from smki_pma.ledger.models import AccessLog, Entry, EntryText, Node

WRITTEN_BY_WEB = (Entry, EntryText, Node, AccessLog)


class CannotGrant(RuntimeError):
    """The role or the database is not one to grant on."""


@transaction.atomic
def grant(role: str) -> list[str]:
    """Set the rights of a role that exists and owns nothing. Returns the tables that it can only add to."""
    if connection.vendor != "postgresql":
        raise CannotGrant("Only PostgreSQL has roles; this database does not.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            raise CannotGrant(
                f"There is no role {role}. Make it first: CREATE ROLE {role} LOGIN PASSWORD '...'."
            )
        if found[0]:
            raise CannotGrant(f"{role} is a superuser, whom no right binds. Choose another role.")
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = %s", [role])
        if cursor.fetchone()[0]:
            raise CannotGrant(f"{role} owns tables and could lift their guards. Choose another role.")
        for statement in _statements(sql.Identifier(role)):
            cursor.execute(statement)
    return [model._meta.db_table for model in WRITTEN_BY_WEB]


def _statements(role: sql.Identifier) -> list[sql.Composed]:
    every = (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
    )
    statements = [sql.SQL(text).format(role) for text in every]
    for table in connection.introspection.table_names():
        statements += _rights(table, role)
    return statements


def _rights(table: str, role: sql.Identifier) -> list[sql.Composed]:
    own = {model._meta.db_table for model in apps.get_app_config("ledger").get_models()}
    added_to = {model._meta.db_table for model in WRITTEN_BY_WEB}
    histories = {model._meta.db_table for model in apps.get_models() if issubclass(model, HistoryRow)}
    if table == "django_migrations" or (table in own and table not in added_to):
        rights = "SELECT"
    elif table in added_to | histories:
        rights = "SELECT, INSERT"
    else:
        rights = "SELECT, INSERT, UPDATE, DELETE"
    name = sql.Identifier("public", table)
    return [
        sql.SQL("REVOKE ALL ON {} FROM {}, PUBLIC").format(name, role),
        sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), name, role),
    ]
