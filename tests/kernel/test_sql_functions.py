"""What the files of SQL functions say is what the database runs."""

from pathlib import Path

import pytest
from django.db import connection

from tir.kernel.sql_functions import function_body, function_files


@pytest.mark.django_db
@pytest.mark.parametrize("path", function_files(), ids=lambda path: path.stem)
def test_the_database_runs_what_the_file_says(path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [path.stem])
        found = cursor.fetchall()

    assert found == [(function_body(path),)]


def test_there_are_functions_to_compare() -> None:
    assert {"guarantees_clock_end", "guarantees_follow_ledger"} <= {path.stem for path in function_files()}
