"""The book as cases for the phone's judge: what an office holds before each stamp, what its officer is about to
certify, and what the server's judge says of both. The members of a case are those of `tests/judging/README.md`."""

import json
from pathlib import Path
from typing import Any

from api.errors import instant
from api.v1.post.holding import present_bundle
from api.v1.post.presenting import present_held
from checkpoints.evidence.dockets import Docket, open_docket
from checkpoints.judging import preview, rules
from checkpoints.posts.offices import Office, register
from checkpoints.posts.territories import territories
from tests.scenarios.playing import Play
from tests.scenarios.telling import Event
from tir.kernel.rules import Finding

FORMAT = "tir-scenario-cases-1"
OF_THE_STAMP = ("carnet", "page", "occurred_at", "offline")


def cases_before(play: Play, event: Event) -> list[dict[str, Any]]:
    """Return two cases of the page before a stamp: a look, and the stamp to be made."""
    docket = open_docket(play.numbers[event.carnet], lock=False)
    assert docket is not None
    office = register().by_code[event.who]
    held = _held(play, event, docket, office)
    seen = {name: value for name, value in play.stamp_body(event).items() if name not in OF_THE_STAMP}
    return [
        {**held, "seen": None, "expect": _expect(docket, office, _look(play, event, docket, office))},
        {**held, "seen": seen, "expect": _expect(docket, office, _stamp(play, event, docket, office))},
    ]


def _held(play: Play, event: Event, docket: Docket, office: Office) -> dict[str, Any]:
    at = play.at(event)
    return {
        "name": f"{play.scenario.name}, line {event.line}, page {event.page}",
        "office": office.code,
        "now": instant(play.clock.at if "sent" not in event.said else at),
        "at": instant(at),
        "qr": None,
        "number": docket.carnet.number,
        "page": event.page,
        "online": "sent" not in event.said,
        "carnet": present_held(docket, {key: territory.code for key, territory in territories().items()}),
        "lists": _lists(play, office),
    }


def _lists(play: Play, office: Office) -> dict[str, Any]:
    bundle = present_bundle(office, f"officer-{office.code}", play.clock.at, None)
    return {name: bundle[name] for name in ("stop_list", "exclusions", "has_guarantor", "territories")}


def _look(play: Play, event: Event, docket: Docket, office: Office) -> list[Finding]:
    at = play.at(event)
    return list(preview.preview_of(docket, event.page, office, at=at, now=at).findings)


def _stamp(play: Play, event: Event, docket: Docket, office: Office) -> list[Finding]:
    said, is_online = play.certification(event, office), "sent" not in event.said
    if finding := preview.off_paper(docket, event.page, office, said.occurred_at):
        return [finding]
    now = play.clock.at if is_online else said.occurred_at
    return rules.CHECKPOINT.findings(preview.case_of(docket, said, office, now, is_online=is_online))


def _expect(docket: Docket, office: Office, findings: list[Finding]) -> dict[str, Any]:
    expected = preview.expected_stamp(docket, office)
    return {
        "verdict": rules.verdict_of(findings).value,
        "codes": [finding.code for finding in findings],
        "expected_page": expected.page if expected else None,
        "seals": docket.seals,
    }


def write(path: Path, cases: list[dict[str, Any]], offices: list[dict[str, Any]]) -> None:
    """Write the file, one case a line."""
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    head = json.dumps({"format": FORMAT, "offices": offices}, ensure_ascii=False)[:-1]
    path.write_text(f'{head}, "cases": [\n{lines}\n]}}\n')
