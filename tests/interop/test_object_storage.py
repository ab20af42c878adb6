"""The store of files and the copies of checkpoints on S3-compatible storage (moto's server)."""

import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from smki_pma.files import store
from smki_pma.ledger import copies
from smki_pma.ledger.logs import CERTIFICATES, LEDGER
from smki_pma.ledger.models import Checkpoint
from smki_pma.settings.environment import Environment
from smki_pma.settings.outside import object_storage

BUCKETS = {"files": "smki-files", "checkpoints": "smki-checkpoints"}


@pytest.fixture
def s3(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Both storages in buckets; a client that looks into them."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = Environment(
        files_bucket=BUCKETS["files"],
        checkpoints_bucket=BUCKETS["checkpoints"],
        s3_endpoint=f"http://{host}:{port}",
        s3_access_key=SecretStr("somebody"),
        s3_secret_key=SecretStr("something"),
    )
    client = boto3.client(
        "s3",
        endpoint_url=environment.s3_endpoint,
        aws_access_key_id="somebody",
        aws_secret_access_key="something",
    )
    for bucket in BUCKETS.values():
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    settings.STORAGES = settings.STORAGES | object_storage(environment)
    yield client
    urllib.request.urlopen(f"{environment.s3_endpoint}/moto-api/reset", data=b"").close()
    server.stop()


def keys(s3: Any, bucket: str) -> list[str]:
    return [one["Key"] for one in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_a_file_is_stored_once_and_read_back(s3: Any) -> None:
    first, second = store.put(b"the same bytes"), store.put(b"the same bytes")
    assert first == second
    assert len(keys(s3, BUCKETS["files"])) == 1
    assert store.read_verified(first.sha256) == b"the same bytes"


def test_damage_in_the_bucket_is_never_served(s3: Any) -> None:
    stored = store.put(b"the bytes")
    (key,) = keys(s3, BUCKETS["files"])
    s3.put_object(Bucket=BUCKETS["files"], Key=key, Body=b"other bytes")
    with pytest.raises(store.DamagedFile):
        store.read_verified(stored.sha256)


def test_storing_again_heals_a_damaged_copy(s3: Any) -> None:
    stored = store.put(b"the bytes")
    (key,) = keys(s3, BUCKETS["files"])
    s3.put_object(Bucket=BUCKETS["files"], Key=key, Body=b"other bytes")
    store.put(b"the bytes")
    assert store.read_verified(stored.sha256) == b"the bytes"
    assert keys(s3, BUCKETS["files"]) == [key]


def test_no_checkpoint_is_replaced(s3: Any) -> None:
    storages["checkpoints"].save("latest", ContentFile(b"first"))
    name = storages["checkpoints"].save("latest", ContentFile(b"second"))
    assert name != "latest"
    with storages["checkpoints"].open("latest") as kept:
        assert kept.read() == b"first"


@pytest.mark.django_db
def test_the_newest_published_checkpoint_is_found_among_many(s3: Any) -> None:
    for size in (3, 999, 1_000, 1_000_000, 999_999):
        note = f"{LEDGER.origin}\n{size}\n{'A' * 43}=\n\n\N{EM DASH} nobody AAAA\n"
        copies.keep(Checkpoint(log="ledger", size=size, note=note, key_id="0123456789"))
    assert [(head.origin, head.size) for head in copies.newest(LEDGER)] == [(LEDGER.origin, 1_000_000)]
    assert copies.newest(CERTIFICATES) == []
