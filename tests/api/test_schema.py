"""The OpenAPI document is whole, and the server keeps it: whatever is sent, by whomever, there is no fault of ours, no
status that is not documented, and no answer of another shape.

What is sent is made from the document itself, half of it as documented and half deliberately not; always the same.
"""

from io import StringIO

import pytest
import schemathesis
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from knox.models import AuthToken
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.test_matrix import arguments, people  # noqa: F401  (fixtures)
from tir.accounts.models import User
from tir.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 12
DOCUMENT = "/api/v1/schema/"
SCHEMA = schemathesis.openapi.from_wsgi(DOCUMENT, application)
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}

bounded = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_document_is_written_without_a_warning() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null", stderr=StringIO())


@pytest.fixture
def headers(people: dict[str, User]) -> list[dict[str, str]]:  # noqa: F811
    """Return what each caller signs a request with; one of them has nothing to sign with."""
    signed = [AuthToken.objects.create(user)[1] for user in people.values()]
    return [{}, *({"Authorization": f"Token {token}"} for token in signed)]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_the_server_answers_as_the_document_says(
    label: str,
    mode: GenerationMode,
    headers: list[dict[str, str]],
    arguments: dict[str, object],  # noqa: F811
) -> None:
    @bounded
    @given(
        case=OPERATIONS[label].as_strategy(generation_mode=mode),
        signed=st.sampled_from(headers),
        is_about_something_real=st.booleans(),
    )
    def ask(case: Case, signed: dict[str, str], is_about_something_real: bool) -> None:
        if is_about_something_real:
            case.path_parameters = {name: arguments[name] for name in case.path_parameters or {}}
        undone(case, signed)

    ask()


@transaction.atomic
def undone(case: Case, signed: dict[str, str]) -> None:
    """Send one request, hold its answer against the document, and undo whatever it did."""
    case.call_and_validate(headers=signed, checks=CHECKS)
    transaction.set_rollback(True)
