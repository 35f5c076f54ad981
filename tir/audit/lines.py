"""Keeps what a database says of rows out of the lines of the log: there stand goods, names and plates."""

import re
from typing import Any, Final

# What PostgreSQL adds to an error: the row or the key that it would not take, the statement it stood in.
CONTENTS: Final = re.compile(
    r"^(DETAIL|CONTEXT|LINE \d+|HINT):.*(\n(?!Traceback|  File|\S+Error|The above|During).*)*", re.M
)


def without_contents(_logger: Any, _method: str, line: Any) -> Any:
    """A structlog processor: a fault's traceback without what the database said of the row."""
    if said := line.get("exception"):
        line["exception"] = CONTENTS.sub(r"\1: left out", said)
    return line
