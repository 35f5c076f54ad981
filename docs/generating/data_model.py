"""The data model as diagrams, a room each: tables, what points where, and the columns that a key or a law is about."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models import (
    CheckConstraint,
    F,
    Field,
    ForeignKey,
    Model,
    OneToOneField,
    Q,
    UniqueConstraint,
)

from docs.generating.constraints import models

DRAWN = ("guarantees", "carnets", "checkpoints")


def diagrams() -> str:
    return "\n\n".join(f"### {room}\n\n{_diagram(room)}" for room in DRAWN)


def _diagram(room: str) -> str:
    lines = ["```mermaid", "erDiagram"]
    for model in models():
        if model._meta.app_label == room:
            lines += _relations(model)
    lines += [
        f"    {model.__name__} {{\n{_columns(model)}\n    }}"
        for model in models()
        if model._meta.app_label == room
    ]
    return "\n".join((*lines, "```"))


def _relations(model: type[Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            target = field.related_model.__name__
            many = "o|" if isinstance(field, OneToOneField) else "o{"
            one = "o|" if field.null else "||"
            yield f'    {target} {one}--{many} {model.__name__} : "{field.name}"'


def _columns(model: type[Model]) -> str:
    names = set(_names_in_laws(model))
    shown = [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, ForeignKey) and (field.unique or field.name in names)
    ]
    return "\n".join(f"        {_type(field)} {field.column}{_key(field)}" for field in shown)


def _names_in_laws(model: type[Model]) -> Iterator[str]:
    for law in model._meta.constraints:
        if isinstance(law, UniqueConstraint):
            yield from law.fields
        elif isinstance(law, CheckConstraint):
            yield from _names_asked(law.condition)
        elif isinstance(law, ExclusionConstraint):
            for said, _operator in law.expressions:
                yield from _names_said(said)


def _names_asked(condition: Any) -> Iterator[str]:
    if not isinstance(condition, Q):
        yield from _names_said(condition)
        return
    for child in condition.children:
        if not isinstance(child, tuple):
            yield from _names_asked(child)
        else:
            yield child[0].split("__")[0]


def _names_said(said: Any) -> Iterator[str]:
    if isinstance(said, str | F):
        yield said.name if isinstance(said, F) else said
        return
    for source in said.get_source_expressions():
        yield from _names_said(source)


def _type(field: "Field[object, object]") -> str:
    return field.get_internal_type().removesuffix("Field").lower()


def _key(field: "Field[object, object]") -> str:
    if field.primary_key:
        return " PK"
    alone = [law.fields for law in field.model._meta.constraints if isinstance(law, UniqueConstraint)]
    return " UK" if field.unique or (field.name,) in alone else ""
