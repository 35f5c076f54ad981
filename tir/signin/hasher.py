"""The process that hashes passwords for one web server process: run by its path, `hashing.py` speaks to it over pipes.

One line in, one out, as JSON: `{"hash": [password, salt, time cost, memory in KiB, lanes]}` is answered with Argon2id's
text, `{"verify": [text, password]}` with true or false. It ends when nobody is left to ask.
"""

import json
import os
import sys
from typing import Any

from argon2 import low_level
from argon2.exceptions import InvalidHashError, VerificationError

GIVES_WAY = 10  # niceness
HASH_BYTES = 32


def main() -> None:
    """Answer line by line, giving way to whoever stamps."""
    os.nice(GIVES_WAY)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(json.loads(line))) + "\n")
        sys.stdout.flush()


def _answer(asked: dict[str, list[Any]]) -> str | bool:
    if "hash" in asked:
        password, salt, time_cost, memory_cost, lanes = asked["hash"]
        return low_level.hash_secret(
            password.encode(), salt.encode(), time_cost, memory_cost, lanes, HASH_BYTES, low_level.Type.ID
        ).decode()
    text, password = asked["verify"]
    try:
        return low_level.verify_secret(text.encode(), password.encode(), low_level.Type.ID)
    except (VerificationError, InvalidHashError):
        return False


if __name__ == "__main__":
    main()
