"""Which tests there are: a rule, an article and a database law name theirs."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def tests_by_name() -> dict[str, list[str]]:
    """Return the files of every test function, by its name; a class's method counts by its own name too."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    return found


def files_of(test: str) -> list[str]:
    return tests_by_name().get(test, [])
