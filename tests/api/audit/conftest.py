from tests.api.consoles.conftest import reader  # noqa: F401  (a fixture)
