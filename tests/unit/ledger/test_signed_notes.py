"""Signed notes, read by our own code and by the stand-alone verifier's Ed25519."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from smki_pma.ledger import verifier
from smki_pma.ledger.notes import BadNote, TreeHead, open_note, sign, verifier_key

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
NAME = "smki-pma.example/ledger"
HEAD = TreeHead(NAME, 7, bytes(32))

# The example of the signed-note documentation of Go's x/mod/sumdb/note.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_that_go_signed_is_accepted() -> None:
    name, _, public_key = verifier.parse_vkey(GO_VKEY)
    assert open_note(GO_NOTE, name, public_key).startswith("If you think")
    assert verifier_key(name, public_key) == GO_VKEY


def test_a_checkpoint_is_read_back() -> None:
    note = sign(HEAD.text(), NAME, KEY)
    assert TreeHead.parse(open_note(note, NAME, PUBLIC)) == HEAD
    assert verifier.read_checkpoint(note, [verifier_key(NAME, PUBLIC)]) == (NAME, 7, bytes(32))


def test_another_key_is_not_believed() -> None:
    note = sign(HEAD.text(), NAME, Ed25519PrivateKey.generate())
    with pytest.raises(BadNote, match="has not signed"):
        open_note(note, NAME, PUBLIC)
    with pytest.raises(verifier.Fault, match="none of the given keys"):
        verifier.read_checkpoint(note, [verifier_key(NAME, PUBLIC)])


@pytest.mark.parametrize("place", range(0, 120, 7))
def test_a_flipped_byte_is_noticed(place: int) -> None:
    note = bytearray(sign(HEAD.text(), NAME, KEY).encode())
    note[place] ^= 1
    with pytest.raises((BadNote, ValueError)):
        open_note(note.decode(), NAME, PUBLIC)
    with pytest.raises(verifier.Fault):
        verifier.read_checkpoint(note.decode(), [verifier_key(NAME, PUBLIC)])


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511))
def test_the_verifiers_own_ed25519_agrees_with_openssl(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verifier.ed25519_verify(public, message, signature)
    altered = bytearray(signature)
    altered[bit // 8] ^= 1 << bit % 8
    assert not verifier.ed25519_verify(public, message, bytes(altered))


@pytest.mark.parametrize("vkey", ["", "name", "a+b+c", GO_VKEY.replace("c74f", "c74e"), "n+00000000+AAAA"])
def test_a_wrong_key_line_is_refused(vkey: str) -> None:
    with pytest.raises(verifier.Fault, match="key: "):
        verifier.parse_vkey(vkey)
