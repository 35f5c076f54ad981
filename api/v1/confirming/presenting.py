"""Enquiries about guarantees as JSON."""

from typing import Any

from api.errors import instant
from carnets import guarantee_queries
from carnets.models import GuaranteeConfirmation, GuaranteeQuery
from guarantees.queries import association_codes

GOOD = {True: "good", False: "not_good"}


def present_enquiry(enquiry: GuaranteeQuery) -> dict[str, Any]:
    return {
        "id": enquiry.pk,
        "carnet": enquiry.carnet_number,
        "page": enquiry.page,
        "country": enquiry.country,
        "office": enquiry.office or None,
        "asked_at": instant(enquiry.asked_at),
        "asked_by": enquiry.asked_by.get_username(),
        "answer": GOOD[enquiry.is_good],
        "reasons": [
            {"code": item.code, "detail": item.detail, "article": item.article}
            for item in guarantee_queries.reasons_of(enquiry)
        ],
        "confirmations": [_confirmation(item) for item in enquiry.confirmations.all()],
    }


def present_answer(answer: guarantee_queries.Answer) -> dict[str, Any]:
    """Return the answer to who has just asked: what is guaranteed, only when it is good."""
    enquiry, cover = answer.enquiry, answer.cover
    carnet = enquiry.carnet if cover else None
    return {
        **present_enquiry(enquiry),
        "association": carnet and carnet.association.code,
        "guarantee": carnet and carnet.guarantee.reference,
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
