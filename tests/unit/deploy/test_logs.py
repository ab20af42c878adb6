import json
import logging
import sys

from smki_pma.deploy.logs import JsonLines


def line(**extra: object) -> dict[str, str]:
    record = logging.LogRecord("smki_pma.jobs", logging.INFO, "file", 1, "job %s", ("done",), None)
    record.__dict__.update(extra)
    read: dict[str, str] = json.loads(JsonLines().format(record))
    return read


def test_a_line_is_json_with_the_named_facts() -> None:
    written = line(job="7", kind="certificates.issue")
    assert written.pop("at").endswith("+00:00")
    assert written == {
        "level": "info",
        "logger": "smki_pma.jobs",
        "message": "job done",
        "job": "7",
        "kind": "certificates.issue",
    }


def test_other_facts_stay_out() -> None:
    assert "canary" not in json.dumps(line(request="canary", payload={"csr": "canary"}, environ="canary"))


def test_a_traceback_is_part_of_its_line() -> None:
    try:
        raise ZeroDivisionError("one\ntwo")
    except ZeroDivisionError:
        record = logging.LogRecord("x", logging.ERROR, "file", 1, "failed", (), sys.exc_info())
    text = JsonLines().format(record)
    assert "\n" not in text
    assert "ZeroDivisionError" in json.loads(text)["traceback"]
