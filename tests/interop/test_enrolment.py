"""Enrolment as subscribers do it: openssl makes the request, curl sends it through the real front, openssl judges."""

import base64
import json
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from certification.authorities import recipes
from tests.samples.signing_requests import SAMPLE
from tests.servers.front import Answer, Front

EST = "/.well-known/est/device"
PKCS10 = ("--header", "Content-Type: application/pkcs10", "--data-binary")


def request_made_by_openssl(folder: Path) -> Path:
    """A Device request, by the very recipe that the portal gives to subscribers."""
    folder.mkdir(exist_ok=True)
    (folder / "device.cnf").write_text(recipes.device_configuration(SAMPLE))
    subprocess.run(
        ["sh", "-ec", recipes.device_commands()], cwd=folder, check=True, capture_output=True, timeout=60
    )
    return folder / "device.csr"


def openssl(*words: str, given: bytes = b"") -> str:
    done = subprocess.run(["openssl", *words], input=given, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def certificates(answer: Answer) -> str:
    """The PEM of a certs-only PKCS#7, read by openssl."""
    assert answer.status == 200, answer.body
    return openssl("pkcs7", "-inform", "DER", "-print_certs", given=base64.b64decode(answer.body))


def enrol(front: Front, operation: str, csr: Path) -> Answer:
    """As RFC 7030 says: the same request again while the answer is 202."""
    der = openssl("req", "-in", str(csr), "-outform", "PEM").encode()
    body = csr.with_suffix(".b64")
    body.write_bytes(b"".join(line for line in der.splitlines() if b"---" not in line))
    deadline = time.monotonic() + 30
    while True:
        answer = front.as_officer(f"{EST}/{operation}", *PKCS10, f"@{body}")
        if answer.status != 202 or time.monotonic() > deadline:
            return answer
        time.sleep(int(answer.headers["retry-after"]))


@pytest.mark.clause("L4.4", "L8.1")
def test_openssl_and_curl_enrol_by_est(front: Front, tmp_path: Path) -> None:
    chain = tmp_path / "chain.pem"
    chain.write_text(certificates(front.as_officer(f"{EST}/cacerts")))
    leaf = tmp_path / "leaf.pem"
    leaf.write_text(certificates(enrol(front, "simpleenroll", request_made_by_openssl(tmp_path / "first"))))
    # Critical hardwareModuleName is nothing that openssl knows by itself.
    verified = openssl("verify", "-ignore_critical", "-CAfile", str(chain), str(leaf))
    assert verified.strip().endswith("OK")

    again = certificates(enrol(front, "simplereenroll", request_made_by_openssl(tmp_path / "second")))
    assert "BEGIN CERTIFICATE" in again
    asked = front.as_officer(f"{EST}/csrattrs")
    assert "ecdsa-with-SHA256" in openssl("asn1parse", "-inform", "DER", given=base64.b64decode(asked.body))


@pytest.mark.clause("L4.4", "L8.1")
def test_curl_hands_in_a_request_and_a_batch_as_json_says(front: Front, tmp_path: Path) -> None:
    message = tmp_path / "message.json"
    csr = request_made_by_openssl(tmp_path / "single")
    message.write_text(json.dumps({"policy": "device", "csr": csr.read_text()}))
    json_body = ("--header", "Content-Type: application/json", "--data-binary", f"@{message}")
    first = front.as_officer("/api/v1/requests", *json_body, "--header", "Idempotency-Key: 1")
    assert first.status in (201, 202), first.body
    again = front.as_officer("/api/v1/requests", *json_body, "--header", "Idempotency-Key: 1")
    assert again.json()["id"] == first.json()["id"]

    archive = tmp_path / "batch.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for number in range(3):
            packed.write(request_made_by_openssl(tmp_path / str(number)), f"meter-{number}.csr")
    sent = front.as_officer("/api/v1/batches", "--form", f"file=@{archive};type=application/zip")
    assert sent.status == 202, sent.body
    address = sent.headers["location"]
    deadline = time.monotonic() + 60
    while (batch := front.as_officer(address).json())["state"] != "completed":
        assert time.monotonic() < deadline, batch
        time.sleep(0.5)
    items = front.as_officer(f"{address}/items").json()["items"]
    assert [each["outcome"] for each in items] == ["certificate"] * 3, items
    result = tmp_path / "result.zip"
    result.write_bytes(front.as_officer(f"{address}/result").body)
    with zipfile.ZipFile(result) as unpacked:
        assert {f"meter-{number}.crt" for number in range(3)} <= set(unpacked.namelist())
