"""The local front is the production's configuration with other names; who hears its socket, and who does not."""

import re
from pathlib import Path

import pytest

from smki_pma.deploy import front, secret_files, supervise
from smki_pma.rules_in_force.catalogue import catalogue


def test_nothing_of_the_production_machine_is_left(tmp_path: Path) -> None:
    lines = front.configuration(tmp_path, 8443).splitlines()
    text = "\n".join(line for line in lines if not line.strip().startswith("#"))
    assert "/etc/" not in text
    assert "/run/" not in text
    assert "/srv/" not in text
    assert "smki-pma.example" not in text
    assert "listen 80" not in text
    assert "listen 127.0.0.1:8443 ssl http2" in text
    assert text.count("proxy_pass") == front.PRODUCTION.read_text().count("proxy_pass")


def test_a_changed_production_configuration_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = tmp_path / "nginx.conf"
    changed.write_text(front.PRODUCTION.read_text().replace("/run/smki-pma/web.sock", "/run/other.sock"))
    monkeypatch.setattr(front, "PRODUCTION", changed)
    with pytest.raises(ValueError, match="bring front"):
        front.configuration(tmp_path, 8443)


def test_pages_take_what_the_rules_can_be_made_to_allow() -> None:
    """The largest file of any motion, and the rest of its form, pass the front."""
    body = re.search(r"location / \{(.*?)\n    \}", front.PRODUCTION.read_text(), re.DOTALL)
    assert body
    cap = int(re.search(r"client_max_body_size (\d+)m;", body[1])[1])  # type: ignore[index]
    files = ("drafts.largest_upload_megabytes", "requests.largest_batch_megabytes")
    largest = max(catalogue()[key].maximum or 0 for key in files)
    assert largest < cap <= largest + 20


@pytest.mark.clause("L4.5")
def test_without_a_front_no_process_believes_a_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even one that the caller's environment names."""
    monkeypatch.setenv("SMKI_FRONT_SOCKET", str(tmp_path / "anything.sock"))
    secret_files.ensure(tmp_path)
    for process in supervise.processes(8000, tmp_path):
        assert process.environment["SMKI_FRONT_SOCKET"] == ""
        assert not [part for part in process.command if part.startswith("unix:")]


@pytest.mark.clause("L4.5")
def test_with_a_front_the_web_hears_its_socket_and_believes_that_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "_run_with_data", lambda *arguments: None)
    monkeypatch.setattr(front, "program", lambda: "/usr/sbin/nginx")
    secret_files.ensure(tmp_path)
    web, *_, nginx = supervise.processes(8000, tmp_path, 18443)
    socket = str(front.socket(tmp_path))
    assert f"unix:{socket}" in web.command
    assert web.environment["SMKI_FRONT_SOCKET"] == socket
    assert nginx.command[0] == "/usr/sbin/nginx"
    assert not any(nginx.environment[name.upper()] for name in secret_files.OF_ALL + secret_files.OF_WORKER)
