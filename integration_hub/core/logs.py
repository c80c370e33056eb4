"""Log lines as JSON, one a line, with the id of the request in hand."""

import json
import logging
from datetime import UTC, datetime

from integration_hub.core.requests import request_id


class JsonFormatter(logging.Formatter):
    """time, level, logger, message, request_id and, after a failure, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id():
            line["request_id"] = request_id()
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
