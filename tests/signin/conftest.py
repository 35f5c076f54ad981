"""Callers of the API, as its own tests have them."""

from tests.api.conftest import association, client_of, enrol, hq, officer_at, person  # noqa: F401  (fixtures)
