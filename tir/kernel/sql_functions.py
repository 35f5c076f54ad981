"""SQL functions kept as files, one a file, always the current text; a migration that needs one loads it by name.

A function is changed in its file, and the next migration loads it again: a reader finds what the database runs without
reading old migrations. A test compares every file with what the database has.
"""

import re
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.migrations.operations.base import Operation

FOLDER = "functions"


def function_file(app_label: str, name: str) -> Path:
    """Return where the function's text is kept: `<app>/functions/<name>.sql`."""
    return Path(apps.get_app_config(app_label).path) / FOLDER / f"{name}.sql"


def function_files() -> list[Path]:
    """Return every SQL function of every room, by name."""
    folders = (Path(config.path) / FOLDER for config in apps.get_app_configs())
    return sorted(path for folder in folders if folder.is_dir() for path in folder.glob("*.sql"))


def function_body(path: Path) -> str:
    """Return the part between the dollar quotes: what PostgreSQL keeps as the function's source."""
    found = re.search(r"\$\$(.*)\$\$", path.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        raise ValueError(f"{path.name} has no body between $$ and $$.")
    return found.group(1)


class LoadFunction(Operation):
    """Create or replace one function from its file; going back leaves it, for a later text serves an earlier schema."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, name: str) -> None:
        self.name = name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """A function is no part of the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(function_file(app_label, self.name).read_text(encoding="utf-8"), params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Nothing is taken back."""

    def describe(self) -> str:
        return f"Load the SQL function {self.name}"
