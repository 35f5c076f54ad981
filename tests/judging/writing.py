"""The file of cases and its schema as text."""

import json
from pathlib import Path

from tests.judging.making import made
from tests.judging.reading import File

FILE = Path(__file__).with_name("cases.json")
SCHEMA = Path(__file__).parents[2] / "docs" / "judged-cases.schema.json"


def text_of_cases() -> str:
    """Return the file, a case a line, so that a change of one case is a change of one line."""
    file = made()
    cases = ",\n".join(_compact(case) for case in file.pop("cases"))
    head = ",\n".join(f"{json.dumps(name)}: {_compact(value)}" for name, value in file.items())
    return f'{{\n{head},\n"cases": [\n{cases}\n]\n}}\n'


def text_of_schema() -> str:
    """Return the JSON schema that the models of the file give."""
    return json.dumps(File.model_json_schema(), indent=1) + "\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write() -> None:
    FILE.write_text(text_of_cases())
    SCHEMA.write_text(text_of_schema())
