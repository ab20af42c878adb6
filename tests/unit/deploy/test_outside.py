import pytest
from pydantic import SecretStr

from smki_pma.settings.environment import Environment
from smki_pma.settings.outside import MailServer, object_storage, outgoing_mail


def test_mail_server_with_tls() -> None:
    assert outgoing_mail(SecretStr("smtps://us%40er:p%2Fw@mail.example:1465")) == MailServer(
        "mail.example", 1465, "us@er", "p/w", tls=True, starttls=False
    )


def test_mail_server_with_starttls() -> None:
    server = outgoing_mail(SecretStr("smtp://mail.example"))
    assert server is not None
    assert (server.port, server.tls, server.starttls) == (587, False, True)


def test_no_mail_server() -> None:
    assert outgoing_mail(SecretStr("")) is None


def test_other_addresses_are_refused() -> None:
    with pytest.raises(ValueError, match="SMKI_EMAIL_URL"):
        outgoing_mail(SecretStr("https://mail.example"))


def test_password_is_not_shown() -> None:
    assert "canary" not in repr(outgoing_mail(SecretStr("smtps://user:canary@mail.example")))


def test_only_what_is_named_by_its_hash_is_replaced_in_object_storage() -> None:
    storages = object_storage(Environment(files_bucket="files", checkpoints_bucket="checkpoints"))
    replaces = {alias: storage["OPTIONS"]["file_overwrite"] for alias, storage in storages.items()}
    assert replaces == {"files": True, "checkpoints": False}


def test_what_has_no_bucket_stays_on_disk() -> None:
    assert list(object_storage(Environment(files_bucket="files"))) == ["files"]
