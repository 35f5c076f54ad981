"""The file of cases and its schema as text, and files of more situations than are kept."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.judging.drawing import drawn
from tests.judging.making import decided, frame, kept
from tests.judging.parts import File
from tests.judging.places import Json

FILE = Path(__file__).with_name("cases.json")
SCHEMA = Path(__file__).parents[2] / "docs" / "judged-cases.schema.json"


def text_of_cases(cases: Iterable[Json]) -> Iterator[str]:
    """Return the file, a case a line, so that a change of one case is a change of one line."""
    head = ",\n".join(f"{json.dumps(name)}: {_compact(value)}" for name, value in frame().items())
    yield f'{{\n{head},\n"cases": [\n'
    for index, case in enumerate(cases):
        yield ("" if index == 0 else ",\n") + _compact(case)
    yield "\n]\n}\n"


def text_of_schema() -> str:
    """Return the JSON schema that the models of the file give."""
    return json.dumps(File.model_json_schema(), indent=1) + "\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write() -> None:
    FILE.write_text("".join(text_of_cases(kept())))
    SCHEMA.write_text(text_of_schema())


def generate(count: int, seed: int, path: Path) -> None:
    """Write so many situations with the server's verdict; `npm run agree -- FILE` asks the phone."""
    with path.open("w") as file:
        file.writelines(text_of_cases(decided(drawn(seed, count))))
