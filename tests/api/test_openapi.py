"""The OpenAPI document is whole, and the server keeps it: whatever is sent, by whomever, there is no fault of ours, no
status that is not documented, and no answer of another shape.

What is sent is made from the document itself, half of it as documented and half deliberately not, by each role: 2,000
cases that are always the same, unless FUZZ_EXAMPLES asks for more an operation, which then differ from run to run.
"""

import os
from collections import Counter
from collections.abc import Iterator
from io import StringIO

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from knox.models import AuthToken
from pydantic import BaseModel
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tir.accounts.models import User
from tir.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MOST_OF_A_REFUSAL = 1_000_000  # bytes
FUZZ_EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "")
DOCUMENT = "/api/v1/schema/"
SCHEMA = schemathesis.openapi.from_wsgi(DOCUMENT, application)
OPERATIONS = [operation.ok() for operation in SCHEMA.get_all_operations()]


def that_can(mode: GenerationMode) -> list[APIOperation]:
    """Return the operations that can be asked so: one without parameters and body can only be asked as documented."""
    return [
        operation
        for operation in OPERATIONS
        if mode is GenerationMode.POSITIVE
        or any((operation.body, operation.path_parameters, operation.query))
    ]


bounded = settings(
    max_examples=int(FUZZ_EXAMPLES or 10),
    derandomize=not FUZZ_EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_document_is_written_without_a_warning() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null", stderr=StringIO())


def test_the_document_knows_each_model_by_a_name_of_its_own() -> None:
    """Of two models with one name, one would be published in the shape of the other."""
    modules: dict[str, set[str]] = {}
    left = [BaseModel]
    while left:
        below = left.pop().__subclasses__()
        left += below
        for model in below:
            if model.__module__.startswith("api."):
                modules.setdefault(model.__name__, set()).add(model.__module__)

    assert {name: found for name, found in modules.items() if len(found) > 1} == {}


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Keep the test's own connection, and its transaction, over requests that come in by WSGI."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(people: dict[str, User]) -> list[dict[str, str]]:
    """Return what each caller signs a request with; one of them has nothing to sign with."""
    signed = [AuthToken.objects.create(user)[1] for user in people.values()]
    return [{}, *({"Authorization": f"Token {token}"} for token in signed)]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_server_answers_as_the_document_says(
    mode: GenerationMode,
    headers: list[dict[str, str]],
    arguments: dict[str, object],
) -> None:
    real = {name: str(value) for name, value in arguments.items()}
    asked: Counter[str] = Counter()

    assert len(that_can(mode)) > 50
    for operation in that_can(mode):
        ask(operation, mode, headers, real, asked)
    assert asked.total() > 900
    assert len(asked) == len(headers), "a role asked nothing"
    assert min(asked.values()) > 50


def ask(
    operation: APIOperation,
    mode: GenerationMode,
    headers: list[dict[str, str]],
    real: dict[str, str],
    asked: Counter[str],
) -> None:
    """Send an operation some requests, from all callers, about what there is and what there is not."""

    @bounded
    @given(
        case=operation.as_strategy(generation_mode=mode),
        signed=st.sampled_from(headers),
        is_real=st.booleans(),
    )
    def once(case: Case, signed: dict[str, str], is_real: bool) -> None:
        if is_real:
            case.path_parameters = {name: real[name] for name in case.path_parameters or {}}
        asked[signed.get("Authorization", "")] += 1
        undone(case, signed)

    once()


@transaction.atomic
def undone(case: Case, signed: dict[str, str]) -> None:
    """Send one request, hold its answer against the document, and undo whatever it did."""
    plain = {"Accept-Encoding": "identity"}  # called without a network, it would not decompress an answer
    answer = case.call_and_validate(headers={**signed, **plain}, checks=CHECKS)
    assert answer.status_code < 400 or len(answer.content) <= MOST_OF_A_REFUSAL
    transaction.set_rollback(True)
