"""What a request takes for itself before anything is signed: its public key, and a place at its device.

Each is one statement that two requests at the same moment cannot both win, whatever their route: the
database decides, not a look beforehand. Call them inside the service that accepts the request; keys first,
devices second, so that two chunks never wait for each other crosswise.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from certification.requests.models import DeviceCount, UsedPublicKey
from smki_pma.ledger.governed import require_gate
from smki_pma.statements import fetch_all


def reserve_keys(digests: Iterable[bytes]) -> frozenset[bytes]:
    """Those of these public keys (SHA-256 of the SubjectPublicKeyInfo) that nobody had used before. L3.5

    Waits for a request that reserves the same key at this moment, until that one is decided.
    """
    require_gate(UsedPublicKey, "reserve_keys")
    rows, parameters = _keys(sorted(set(digests)))
    return _returned(
        f"INSERT INTO {_table(UsedPublicKey)} (digest) {rows} ON CONFLICT DO NOTHING RETURNING digest",
        parameters,
    )


def reserve_key(digest: bytes) -> bool:
    """Whether this public key is now ours and was nobody's before. L3.5"""
    return bool(reserve_keys([digest]))


def release_keys(digests: Iterable[bytes]) -> None:
    """Give keys back for which no Certificate will be issued: their request is refused."""
    UsedPublicKey.objects.filter(pk__in=list(digests)).delete()


def is_key_reserved(digest: bytes) -> bool:
    return UsedPublicKey.objects.filter(pk=digest).exists()


def reserve_devices(wanted: Mapping[bytes, int], *, environment: str, limit: int) -> frozenset[bytes]:
    """Count that many more Certificates for each device (EUI-64); those that stay within the limit. L3.4

    A device that would pass the limit is left as it was.
    """
    require_gate(DeviceCount, "reserve_devices")
    table = _table(DeviceCount)
    fitting = sorted((eui64, count) for eui64, count in wanted.items() if count <= limit)
    rows, parameters = _devices(fitting, environment)
    return _returned(
        f"INSERT INTO {table} (eui64, certificates, environment) {rows} "
        "ON CONFLICT (eui64, environment) DO UPDATE "
        f"SET certificates = {table}.certificates + excluded.certificates "
        f"WHERE {table}.certificates + excluded.certificates <= %s RETURNING eui64",
        [*parameters, limit] if fitting else [],
    )


def reserve_device(eui64: bytes, *, environment: str, limit: int) -> bool:
    """Whether the device has a place for one more Certificate, which is now taken. L3.4"""
    return bool(reserve_devices({eui64: 1}, environment=environment, limit=limit))


def release_devices(given_up: Mapping[bytes, int], *, environment: str) -> None:
    """Give places at devices back for which no Certificate will be issued. L3.4

    One by one in the order in which they are taken, so that nobody waits for another crosswise; it is a rare act.
    """
    require_gate(DeviceCount, "release_devices")
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {_table(DeviceCount)} SET certificates = certificates - %s "  # noqa: S608  a quoted name of our own
            "WHERE eui64 = %s AND environment = %s",
            [(count, eui64, environment) for eui64, count in sorted(given_up.items())],
        )


def count_of_device(eui64: bytes, *, environment: str) -> int:
    """Certificates of a device, with the requests in hand."""
    row = DeviceCount.objects.filter(eui64=eui64, environment=environment).first()
    return row.certificates if row else 0


def _table(model: type[UsedPublicKey] | type[DeviceCount]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


# The source of an INSERT with its parameters. On PostgreSQL one text for each column, which the database takes
# apart: a place for each value, or an array of octets, would take the driver longer than the rows take.


def _keys(digests: Sequence[bytes]) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        source = "SELECT decode(octets, 'hex') FROM unnest(string_to_array(%s, ',')) AS given(octets)"
        return source, [",".join(digest.hex() for digest in digests)] if digests else []
    return f"VALUES {', '.join(['(%s)'] * len(digests))}", list(digests)


def _devices(counts: Sequence[tuple[bytes, int]], environment: str) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        source = (
            "SELECT decode(octets, 'hex'), number::integer, %s "
            "FROM unnest(string_to_array(%s, ','), string_to_array(%s, ',')) AS given(octets, number)"
        )
        texts = (",".join(eui64.hex() for eui64, _ in counts), ",".join(str(count) for _, count in counts))
        return source, [environment, *texts]
    places = ", ".join(["(%s, %s, %s)"] * len(counts))
    return f"VALUES {places}", [value for eui64, count in counts for value in (eui64, count, environment)]


def _returned(statement: str, parameters: Sequence[Any]) -> frozenset[bytes]:
    if not parameters:
        return frozenset()
    return frozenset(bytes(row[0]) for row in fetch_all(statement, parameters))
