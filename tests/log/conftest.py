"""The tests of the log may let it grow."""

import pytest


@pytest.fixture(autouse=True)
def grows(request: pytest.FixtureRequest) -> None:
    """Where a test has a database, the log may grow in it."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames):
        request.getfixturevalue("log_grows")
