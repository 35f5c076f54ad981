"""How an endpoint appears in the OpenAPI document: pydantic models for bodies and answers, problems everywhere."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import model_json_schema

View = TypeVar("View", bound=Callable[..., Any])
PROBLEM = "application/problem+json"
EXPLAINED = {
    400: "The request cannot be read: every field at fault is named.",
    401: "No or no valid token.",
    403: "Not for this role, or not by this office.",
    404: "Absent, or outside what the caller may see.",
    409: "The state is not the one the caller assumed; the facts say what it is.",
    422: "A rule of the domain refuses; `code` names it, `article` its source.",
}


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


class PydanticModels(PydanticExtension):  # type: ignore[no-untyped-call]
    """Describes a body as it is validated and an answer as it is sent: a default makes only the former optional."""

    target_class = "pydantic.BaseModel"
    match_subclasses = True
    priority = 1

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str:
        super().get_name(auto_schema, direction)  # type: ignore[no-untyped-call]
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        mode = "validation" if direction == "request" else "serialization"
        schema = model_json_schema(self.target, ref_template="#/components/schemas/{model}", mode=mode)
        for name, part in schema.pop("$defs", {}).items():
            component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=part)
            auto_schema.registry.register_on_missing(component)
        return schema


def documented(
    summary: str,
    *,
    body: type[BaseModel] | None = None,
    answers: dict[int, Any],
    problems: tuple[int, ...] = (401, 403),
    parameters: tuple[OpenApiParameter, ...] = (),
    tag: str,
) -> Callable[[View], View]:
    """Describe one method: its summary, body, answers by status, and the problems it may answer with."""
    responses: dict[Any, Any] = dict(answers)
    for status in problems:
        responses[(status, PROBLEM)] = OpenApiResponse(Problem, description=EXPLAINED[status])
    return extend_schema(
        summary=summary, request=body, responses=responses, parameters=list(parameters), tags=[tag], auth=None
    )


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


def choice(name: str, values: list[str], description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, enum=values, description=description)


def text(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=description)


CURSOR = (
    text("cursor", "Where to go on: taken from `next` or `previous`."),
    OpenApiParameter("page_size", int, description="Rows a page, at most 500."),
)
