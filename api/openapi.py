"""How an endpoint appears in the OpenAPI document: pydantic models for bodies and answers, problems everywhere."""

from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar

from drf_spectacular.authentication import SessionScheme as PlainSessionScheme
from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import model_json_schema

from tir.accounts.models import Role

View = TypeVar("View", bound=Callable[..., Any])
PROBLEM = "application/problem+json"
EXPLAINED = {
    400: "The request cannot be read: every field at fault is named.",
    401: "No or no valid token.",
    403: "Not for this role, or not by this office.",
    404: "Absent, or outside what the caller may see.",
    406: "Not available in the format that Accept asks for.",
    409: "The state is not the one the caller assumed; the facts say what it is.",
    413: "The body is larger than this address takes.",
    415: "Not JSON by its Content-Type.",
    422: "A rule of the domain refuses; `code` names it, `article` its source.",
    429: "Too many wrong passwords; Retry-After says how long to wait.",
}
QUERY_UNKNOWN = 400  # a query parameter that the call does not know
ANSWERS_ONLY_IN_JSON = 406
SIGNED_IN_ONLY = (401, 403)
WITH_A_BODY = (400, 413, 415)


class FieldProblem(BaseModel):
    field: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457, with a stable `code`; further members are the facts of the case."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] | None = None
    error_count: int | None = None  # where there are more faults than `errors` lists


class PydanticModels(PydanticExtension):
    """Describes a body as it is validated and an answer as it is sent: a default makes only the former optional."""

    target_class = "pydantic.BaseModel"
    match_subclasses = True
    priority = 1

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str:
        super().get_name(auto_schema, direction)
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        """Return the model as JSON Schema, and put the models within it among the components."""
        mode: Literal["validation", "serialization"] = (
            "validation" if direction == "request" else "serialization"
        )
        schema = model_json_schema(self.target, ref_template="#/components/schemas/{model}", mode=mode)
        for name, part in schema.pop("$defs", {}).items():
            component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=part)
            auto_schema.registry.register_on_missing(component)
        return schema


def documented(
    summary: str,
    *,
    operation: str,
    body: type[BaseModel] | None = None,
    answers: dict[Any, Any],
    problems: tuple[int, ...] = (),
    parameters: Iterable[OpenApiParameter] = (),
    tag: str,
    public: bool = False,
) -> Callable[[View], View]:
    """Describe one method: its name, body, answers by status, and the problems it may answer with, besides those that
    follow from having a body and from asking who calls."""
    expected = {*problems, *(WITH_A_BODY if body else ()), *(() if public else SIGNED_IN_ONLY)}
    asked = list(parameters)
    described = extend_schema(
        operation_id=operation,
        summary=summary,
        request=body,
        responses={**answers, **problem_answers(expected)},
        parameters=asked,
        tags=[tag],
        auth=[] if public else None,
    )

    def with_query(method: View) -> View:
        """Let the endpoint know which query parameters this description names: it refuses all others."""
        found: View = described(method)
        vars(found)["query"] = frozenset(one.name for one in asked if one.location == OpenApiParameter.QUERY)
        return found

    return with_query


def problem_answers(statuses: set[int]) -> dict[Any, Any]:
    """Return the problems of a call by status, with those that every call may answer with."""
    expected = sorted({*statuses, QUERY_UNKNOWN, ANSWERS_ONLY_IN_JSON})
    return {(status, PROBLEM): OpenApiResponse(Problem, description=EXPLAINED[status]) for status in expected}


class TokenScheme(OpenApiAuthenticationExtension):
    """How a client signs its requests: the token from `POST /api/v1/auth/token/`."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …` with the token that POST /api/v1/auth/token/ answers with.",
        }


class BearerScheme(OpenApiAuthenticationExtension):
    """How a program signs its requests: OAuth 2 client credentials."""

    target_class = "api.authentication.BearerAuthentication"
    name = "oauth2"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        flow = {"tokenUrl": "/api/v1/oauth/token/", "scopes": {role.value: str(role.label) for role in Role}}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}


class SessionScheme(PlainSessionScheme):
    """A browser's session; writing needs the CSRF token besides."""

    target_class = "api.authentication.SessionAuthentication"


def page_of(model: type[BaseModel]) -> type[BaseModel]:
    """Return the model of one page of a list."""
    return type(
        f"{model.__name__}Page",
        (BaseModel,),
        {
            "__annotations__": {"next": str | None, "previous": str | None, "results": list[model]},  # type: ignore[valid-type]
            "__module__": __name__,
            "__doc__": f"One page; `next` and `previous` are addresses. Rows: {model.__name__}.",
        },
    )


CURSOR = (
    OpenApiParameter("cursor", str, description="Where to go on: taken from `next` or `previous`."),
    OpenApiParameter(
        "page_size", {"type": "integer", "minimum": 1}, description="Rows a page: 50, at most 500."
    ),
)
