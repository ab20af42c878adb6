"""Log lines as JSON. Only named facts are written, never a request's body, headers or a job's payload."""

import json
import logging
from datetime import UTC, datetime

# What callers may pass in extra={...}; anything else of a record stays out.
FACTS = ("job", "kind", "act", "address", "status_code")


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, the named facts and the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {fact: str(record.__dict__[fact]) for fact in FACTS if fact in record.__dict__}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
