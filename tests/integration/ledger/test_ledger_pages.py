"""What the ledger shows to machines, to everybody and to those entitled."""

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from smki_pma.ledger import checkpoints, keys, readers, tree, verifier
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.models import EntryText
from smki_pma.ledger.readers import reader_for
from tests.integration.ledger.conftest import SECRETARY, found

pytestmark = pytest.mark.django_db
Grow = Callable[..., None]


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:300]
    return answer.content.decode()


def test_the_checkpoint_and_the_key_verify_each_other(grow: Grow, client: Client) -> None:
    grow(3)
    checkpoints.sign_now(LEDGER)
    answer = client.get("/ledger/checkpoint")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    vkeys = text_of(client, "/ledger/key").splitlines()
    assert verifier.read_checkpoint(answer.content.decode(), vkeys)[1] == 4


def test_before_the_first_checkpoint_the_answer_says_when(grow: Grow, client: Client) -> None:
    assert "Try again later" in text_of(client, "/ledger/checkpoint", 404)
    assert "Try again later" in text_of(client, "/ledger/key", 404)
    grow(1)
    assert "entry 0 is not yet covered" in text_of(client, "/ledger/entries/0/proof", 404)


def test_a_proof_of_every_entry_verifies(grow: Grow, client: Client) -> None:
    grow(12)
    checkpoints.sign_now(LEDGER)
    for number in range(13):
        proof = text_of(client, f"/ledger/entries/{number}/proof")
        fields, size = verifier.check_proof(proof, keys.published_vkeys())
        assert (fields["number"], size) == (number, 13)


def test_consistency_between_all_sizes_verifies(grow: Grow, client: Client) -> None:
    grow(7)
    for old in range(8):
        for new in range(old, 8):
            answer = json.loads(text_of(client, f"/ledger/consistency?from={old}&to={new}"))
            hashes = [base64.b64decode(hash) for hash in answer["proof"]]
            roots = [base64.b64decode(answer[name]) for name in ("from_root", "to_root")]
            verifier.check_consistency(old, roots[0], new, roots[1], hashes)


def test_tiles_and_bundles_give_the_signed_root(grow: Grow, client: Client) -> None:
    grow(299)
    checkpoints.sign_now(LEDGER)
    _, size, root = verifier.read_checkpoint(text_of(client, "/ledger/checkpoint"), keys.published_vkeys())
    assert size == 300
    leaves = b"".join(client.get(f"/ledger/tile/0/{name}").content for name in ("000", "001.p/44"))
    bundles = b"".join(client.get(f"/ledger/tile/entries/{name}").content for name in ("000", "001.p/44"))
    rebuilt = verifier.Tree()
    place = 0
    for index in range(size):
        length = int.from_bytes(bundles[place : place + 2], "big")
        leaf = verifier.leaf_hash(bundles[place + 2 : place + 2 + length])
        assert leaf == leaves[32 * index : 32 * index + 32]
        rebuilt.append(leaf)
        place += 2 + length
        if index == 255:
            assert client.get("/ledger/tile/1/000.p/1").content == rebuilt.root()
    assert place == len(bundles)
    assert rebuilt.root() == root


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/ledger/consistency", 400, "from: give a whole number"),
        ("/ledger/consistency?from=0", 400, "to: give a whole number"),
        ("/ledger/consistency?from=x&to=1", 400, "from: 'x' is not"),
        ("/ledger/consistency?from=2&to=1", 400, "from: The first size"),
        ("/ledger/consistency?from=0&to=99", 400, "to: The ledger has 2 entries"),
        ("/ledger/entries/x/proof", 400, "number: 'x' is not"),
        ("/ledger/entries/99/proof", 404, "number: there is no entry 99"),
        ("/ledger/tile/x", 400, "tile: write level/number"),
        ("/ledger/tile/0/000", 404, "tile: there is no tile"),
        ("/ledger/tile/entries/001.p/2", 404, "tile: there is no entry bundle"),
        ("/ledger/tile/99/000", 400, "level: it is at most 63"),
    ],
)
def test_bad_questions_get_one_clear_line(
    grow: Grow, client: Client, address: str, status: int, words: str
) -> None:
    grow(2)
    text = text_of(client, address, status)
    assert words in text
    assert "<" not in text
    assert text.count("\n") == 1


def test_the_downloads_verify_with_nothing_but_python(grow: Grow, client: Client, tmp_path: Path) -> None:
    grow(2, audience="pma")
    grow(2)
    old = checkpoints.sign_now(LEDGER).note
    grow(3)
    new = checkpoints.sign_now(LEDGER).note
    files = {
        "verifier.py": client.get("/ledger/verifier").content,
        "export.jsonl": b"".join(client.get("/ledger/export").streaming_content),  # type: ignore[attr-defined]
        "new.txt": new.encode(),
        "old.txt": old.encode(),
        "proof.tlog-proof": client.get("/ledger/entries/2/proof").content,
        "between.json": client.get("/ledger/consistency?from=5&to=8").content,
        "text.json": EntryText.objects.get(number=2).content.encode(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    salt, vkey = EntryText.objects.get(number=2).salt_text, keys.published_vkeys()[0]
    run = [sys.executable, "-I", "-S", "verifier.py"]
    for words in (
        ["export", "export.jsonl"],
        ["checkpoint", "new.txt"],
        ["proof", "proof.tlog-proof", "--text", "text.json", "--salt", salt],
        ["consistency", "old.txt", "new.txt", "between.json"],
    ):
        done = subprocess.run([*run, *words, "--vkey", vkey], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "text.json").write_text("{}")
    words = ["proof", "proof.tlog-proof", "--text", "text.json", "--salt", salt, "--vkey", vkey]
    done = subprocess.run([*run, *words], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, "FAULT at entry 2" in done.stdout) == (1, True)


def test_the_verifier_takes_the_published_keys_as_they_stand(
    grow: Grow, client: Client, tmp_path: Path
) -> None:
    grow(2)
    unsigned = b"".join(client.get("/ledger/export").streaming_content)  # type: ignore[attr-defined]
    checkpoints.sign_now(LEDGER)
    keys.put_new_key_into_use(reason="Yearly change", by=Actor.clock())
    checkpoints.sign_now(LEDGER)
    signed = b"".join(client.get("/ledger/export").streaming_content)  # type: ignore[attr-defined]
    published = text_of(client, "/ledger/key")
    assert published.count("\n") == 2
    (tmp_path / "export.jsonl").write_bytes(signed)
    (tmp_path / "unsigned.jsonl").write_bytes(unsigned)

    def verify(file: str, *given: str) -> tuple[int, str]:
        run = [sys.executable, "-I", "-S", verifier.__file__, "export", file]
        vkeys = [word for text in given for word in ("--vkey", text)]
        done = subprocess.run([*run, *vkeys], cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout

    first, last = published.splitlines()
    for given in ([published], [published.replace("\n", "\r\n")], [f"{first} {last}"], [first, last], [last]):
        assert verify("export.jsonl", *given)[0] == 0
    for given in ([first], [""], ["\n"], [published, ""]):
        assert verify("export.jsonl", *given)[0] == 1
    assert verify("unsigned.jsonl")[0] == 0
    status, said = verify("unsigned.jsonl", published)
    assert (status, "it has no checkpoint" in said) == (1, True)


def test_an_export_keeps_the_texts_of_the_entitled_to_itself(grow: Grow, client: Client) -> None:
    found(name="Canary Limited", by=SECRETARY, audience="cps")
    export = b"".join(client.get("/ledger/export").streaming_content)  # type: ignore[attr-defined]
    assert b"Canary" not in export
    assert len(export.splitlines()) == 2


@pytest.mark.parametrize("audience", ["parties", "pma", "cps", "dcc", "party"])
def test_the_public_reads_public_entries_only(client: Client, grow: Grow, audience: str) -> None:
    found(name="Open Limited", by=SECRETARY)
    found(name="Canary Limited", by=SECRETARY, audience=audience)
    listed = text_of(client, reverse("ledger:list_entries"))
    assert "/ledger/entries/0/" in listed
    assert "/ledger/entries/1/" not in listed
    assert "Open Limited" in text_of(client, reverse("ledger:show_entry", args=[0]))
    page = text_of(client, reverse("ledger:show_entry", args=[1]))
    assert "Canary" not in page
    assert "not for you to read" in page


def test_readers_see_what_their_offices_entitle_to(grow: Grow, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = found(name="Ours", by=SECRETARY, audience="party")
    found(name="Theirs", by=SECRETARY, audience="party")
    found(name="For the PMA", by=SECRETARY, audience="pma")
    reader = SimpleNamespace(is_authenticated=True)

    def entitled(audiences: set[str], parties: set[UUID]) -> list[int]:
        monkeypatch.setattr(readers, "_sources", [lambda user: (audiences, parties)])
        monkeypatch.setattr(readers, "_withholders", [])
        return list(reader_for(reader).texts().order_by("number").values_list("number", flat=True))

    assert entitled(set(), set()) == []
    assert entitled(set(), {ours.pk}) == [0]
    assert entitled({"pma"}, {ours.pk}) == [0, 2]
    assert entitled({"party"}, set()) == [0, 1]


def test_the_list_is_narrowed_and_paged(grow: Grow, client: Client) -> None:
    grow(60)
    first = text_of(client, reverse("ledger:list_entries"))
    assert "/ledger/entries/10/" in first
    assert "/ledger/entries/9/" not in first
    assert "/ledger/entries/9/" in text_of(client, reverse("ledger:list_entries") + "?before=10")
    subject = EntryText.objects.get(number=7).subject_id
    one = text_of(client, reverse("ledger:list_entries") + f"?subject={subject}")
    assert one.count("/ledger/entries/") - one.count('action="') <= 3
    assert "/ledger/entries/7/" in one
    assert "No entry that you may read" in text_of(
        client, reverse("ledger:list_entries") + "?event=vote.closed"
    )
    assert "/ledger/entries/59/" in text_of(client, reverse("ledger:list_entries") + "?event=organisation.")


def test_a_wrong_date_is_explained(grow: Grow, client: Client) -> None:
    page = text_of(client, reverse("ledger:list_entries") + "?since_0=32&since_1=1&since_2=2026")
    assert "There is a problem" in page


@pytest.mark.parametrize("count", [1, 40])
def test_the_pages_ask_the_database_equally_often_however_many_entries(
    grow: Grow, client: Client, count: int, django_assert_max_num_queries: Callable[..., object]
) -> None:
    grow(count)
    checkpoints.sign_now(LEDGER)
    for address, queries in (
        (reverse("ledger:show_ledger"), 2),
        (reverse("ledger:list_entries"), 1),
        (reverse("ledger:show_entry", args=[0]), 3),
        (reverse("ledger:explain_verifying"), 2),
        ("/ledger/entries/0/proof", 3),
    ):
        with django_assert_max_num_queries(queries):  # type: ignore[attr-defined]
            text_of(client, address)


def test_the_commitment_shown_is_that_of_the_salt_and_text_shown(grow: Grow, client: Client) -> None:
    grow(1)
    text = EntryText.objects.get()
    page = text_of(client, reverse("ledger:show_entry", args=[0]))
    assert hashlib.sha256(bytes(text.salt) + text.content.encode()).hexdigest() in page
    assert text.salt_text in page
    assert tree.EMPTY_ROOT.hex() not in page
