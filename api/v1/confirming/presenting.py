"""Queries about guarantees as JSON."""

from typing import Any

from api.errors import instant
from carnets.guarantee_queries import asking
from carnets.models import GuaranteeConfirmation, GuaranteeQuery
from guarantees.queries import association_codes

GOOD = {True: "good", False: "not_good"}


def present_query(query: GuaranteeQuery) -> dict[str, Any]:
    """Return a question with its answer, the reasons, and the association's own words."""
    return {
        "id": query.pk,
        "carnet": query.carnet_number,
        "page": query.page,
        "country": query.country,
        "office": query.office or None,
        "asked_at": instant(query.asked_at),
        "asked_by": query.asked_by.get_username(),
        "answer": GOOD[query.is_good],
        "reasons": [
            {"code": item.code, "detail": item.detail, "article": item.article}
            for item in asking.reasons_of(query)
        ],
        "confirmations": [_confirmation(item) for item in query.confirmations.all()],
    }


def present_answer(answer: asking.QueryAnswer) -> dict[str, Any]:
    """Return the answer to who has just asked: what is guaranteed, only when it is good."""
    query, cover = answer.query, answer.cover
    carnet = query.carnet if cover else None
    return {
        **present_query(query),
        "association": carnet and carnet.association and carnet.association.code,
        "guarantee": carnet and carnet.guarantee and carnet.guarantee.reference,
        "amount": cover and str(cover.amount),
        "currency": cover and cover.currency,
        "guarantor": cover and association_codes()[cover.association_id],
    }


def _confirmation(item: GuaranteeConfirmation) -> dict[str, Any]:
    return {
        "answer": GOOD[item.is_good],
        "text": item.text,
        "at": instant(item.at),
        "by": item.by.get_username(),
    }
