"""Keys in a token, on SoftHSM2: made and used inside, never outside; a session of each process; no PIN shown."""

import gc
import os
import threading
import traceback
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pkcs11 import Attribute, ObjectClass

from certification.authorities.keys import KeyMissing, KeyUnavailable, key_backend, tokens
from certification.authorities.keys.hardware import HardwareKeys
from certification.authorities.keys.key_wrap import wrap_with_padding
from tests.samples.soft_token import PIN


@pytest.fixture
def keys(token: None) -> HardwareKeys:
    backend = key_backend()
    assert isinstance(backend, HardwareKeys)
    return backend


def verify(point: bytes, signature: bytes, content: bytes) -> None:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    key.verify(signature, content, ec.ECDSA(hashes.SHA256()))


def on_token(keys: HardwareKeys, reference: str, kind: ObjectClass) -> list[Any]:
    wanted = {Attribute.LABEL: reference, Attribute.CLASS: kind}
    return keys._token.run(lambda session: list(session.get_objects(wanted)))


def test_signs_and_is_not_deterministic(keys: HardwareKeys) -> None:
    point = keys.generate("unit-sign")
    first, second = keys.sign("unit-sign", b"bytes"), keys.sign("unit-sign", b"bytes")
    assert not keys.deterministic
    assert first != second
    verify(point, first, b"bytes")
    verify(point, second, b"bytes")
    assert keys.generate("unit-sign") == point == keys.public_point("unit-sign")


@pytest.mark.clause("L3.5")
def test_the_key_never_leaves_the_token(keys: HardwareKeys) -> None:
    keys.generate("unit-inside")
    keys.generate_wrapping("unit-inside-wrap")
    held = [
        *on_token(keys, "unit-inside", ObjectClass.PRIVATE_KEY),
        *on_token(keys, "unit-inside-wrap", ObjectClass.SECRET_KEY),
    ]
    assert len(held) == 2
    for key in held:
        assert key[Attribute.SENSITIVE]
        assert not key[Attribute.EXTRACTABLE]
        assert key[Attribute.ALWAYS_SENSITIVE]
        assert key[Attribute.NEVER_EXTRACTABLE]
        assert key[Attribute.LOCAL]
        with pytest.raises(pkcs11.AttributeSensitive):
            assert key[Attribute.VALUE]


def test_a_pair_cut_off_in_the_making_is_made_anew(keys: HardwareKeys) -> None:
    before = keys.generate("unit-orphan")
    on_token(keys, "unit-orphan", ObjectClass.PRIVATE_KEY)[0].destroy()
    keys._token.keys.clear()
    point = keys.generate("unit-orphan")
    assert point != before
    verify(point, keys.sign("unit-orphan", b"x"), b"x")
    assert len(on_token(keys, "unit-orphan", ObjectClass.PUBLIC_KEY)) == 1


def test_missing_keys_and_wrong_names(keys: HardwareKeys) -> None:
    for ask in (keys.public_point, lambda name: keys.sign(name, b""), lambda name: keys.wrap(name, b"x")):
        with pytest.raises(KeyMissing, match="restore the CA keys"):
            ask("unit-none")
    with pytest.raises(ValueError, match="lower case"):
        keys.generate("../escape")


def test_a_session_that_was_lost_is_opened_anew(keys: HardwareKeys) -> None:
    point = keys.generate("unit-lost")
    sign = keys.signer("unit-lost")
    sign(b"x")
    assert keys._token._session is not None
    keys._token._session.close()
    verify(point, sign(b"x"), b"x")


def test_a_forked_process_opens_a_session_of_its_own(keys: HardwareKeys) -> None:
    point = keys.generate("unit-fork")
    parents = keys._token
    reading, writing = os.pipe()
    gc.collect()  # what earlier tests left would be closed in the child, where the handles are its own
    child = os.fork()
    if child == 0:
        try:
            ours = key_backend()
            assert isinstance(ours, HardwareKeys)
            assert ours._token is not parents
            os.write(writing, ours.sign("unit-fork", b"from the child"))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writing)
    signature = os.read(reading, 200)
    assert os.waitpid(child, 0)[1] == 0
    verify(point, signature, b"from the child")
    verify(point, keys.sign("unit-fork", b"from the parent"), b"from the parent")


def test_threads_share_the_session(keys: HardwareKeys) -> None:
    point = keys.generate("unit-threads")
    sign = keys.signer("unit-threads")
    made: list[tuple[bytes, bytes]] = []

    def work(number: int) -> None:
        for turn in range(25):
            content = f"{number}.{turn}".encode()
            made.append((content, sign(content)))

    threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 100
    for content, signature in made:
        verify(point, signature, content)


@pytest.mark.clause("L3.5")
def test_a_wrong_pin_is_tried_once_and_not_told(keys: HardwareKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMKI_PKCS11_PIN", "another-canary")
    keys._token._forget()
    wrong, tried = key_backend(), []
    monkeypatch.setattr(tokens, "_library", counted(tokens._library, tried))
    for _ in range(3):
        with pytest.raises(KeyUnavailable, match="SMKI_PKCS11_PIN") as refused:
            wrong.generate("unit-pin")
        assert "canary" not in f"{refused.value} {refused.value.__cause__} {wrong!r}"
    assert len(tried) == 1
    assert PIN not in repr(keys)


def counted(real: Any, calls: list[object]) -> Any:
    def call(*arguments: Any) -> Any:
        calls.append(arguments)
        return real(*arguments)

    return call


@pytest.mark.parametrize("missing", ["SMKI_PKCS11_MODULE", "SMKI_PKCS11_TOKEN"])
def test_what_is_not_set_is_named(token: None, settings: Any, missing: str) -> None:
    setattr(settings, missing, "")
    with pytest.raises(KeyUnavailable, match=missing):
        key_backend()


@pytest.mark.parametrize(
    ("name", "value"), [("SMKI_PKCS11_TOKEN", "no-such"), ("SMKI_PKCS11_MODULE", "/none.so")]
)
def test_a_token_that_is_not_there(token: None, settings: Any, name: str, value: str) -> None:
    setattr(settings, name, value)
    with pytest.raises(KeyUnavailable, match="There is no single token"):
        key_backend().public_point("unit-sign")


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize("process", ["web", "scheduler"])
def test_no_token_for_a_web_process(token: None, settings: Any, process: str) -> None:
    settings.SMKI_PROCESS = process
    with pytest.raises(KeyUnavailable, match=f"The {process} process holds no CA key"):
        key_backend()


@pytest.mark.parametrize("length", [1, 7, 8, 9, 16, 20, 91, 96])
def test_wrapping_is_rfc_5649(length: int) -> None:
    key, content = bytes(range(32)), bytes(range(length))
    encryptor = Cipher(algorithms.AES256(key), modes.ECB()).encryptor()  # noqa: S305  one block at a time
    assert wrap_with_padding(encryptor.update, content) == keywrap.aes_key_wrap_with_padding(key, content)


def test_the_token_wraps_under_its_own_key(keys: HardwareKeys) -> None:
    keys.generate_wrapping("unit-wrap")
    wrapped = keys.wrap("unit-wrap", b"content of any length")
    keys.generate_wrapping("unit-wrap")
    assert keys.wrap("unit-wrap", b"content of any length") == wrapped
    [key] = on_token(keys, "unit-wrap", ObjectClass.SECRET_KEY)
    first = keys._token.run(lambda session: key.decrypt(wrapped[:16], mechanism=pkcs11.Mechanism.AES_ECB))
    assert len(wrapped) == 32
    assert len(first) == 16
