"""The page that checks papers: what it says of receipts and codes, and that it says no more."""

import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.db import connection
from django.test import Client

from carnets.models import Carnet
from checkpoints.evidence.reading import StampRow, stamp_rows
from checkpoints.evidence.receipts import receipt_text
from checkpoints.evidence.statements import covered
from checkpoints.models import Incident, Refusal
from tests.api.calls import ago, qr_of
from tests.api.conftest import Issue
from tests.api.consoles.conftest import DOT, Reader
from tests.growing import Grow
from tests.world import World
from tir.kernel.clock import now
from tir.log.models import AdministrativeAct

pytestmark = pytest.mark.usefixtures("as_administrator")

PAGE = "/check/"
SECRETS = ("Silk Road", "01KZ123ABC", "Cotton", "officer-", "CHN/071", "Beijing")


@pytest.fixture(autouse=True)
def nobody_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def carnet(issue: Issue) -> Carnet:
    return issue()


@pytest.fixture
def row(world: World, carnet: Carnet) -> StampRow:
    """The first stamp of the carnet."""
    recorded = world.stamp(carnet, 1, ago(days=9), now=now()).row
    assert recorded is not None
    return recorded


def signed(row: StampRow) -> str:
    text = receipt_text(row)
    assert text is not None
    return text


def written(statement: Refusal | Incident) -> str:
    text = receipt_text(covered(statement))
    assert text is not None
    return text


def behind_the_triggers(statement: str, values: list[Any]) -> None:
    """Do what only somebody can who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount == 1
        cursor.execute("SET LOCAL session_replication_role = origin")


def remove(row: StampRow) -> None:
    """Remove a stamp and the salt of its entry, as the owner of the tables can: no command of ours does it."""
    behind_the_triggers("DELETE FROM checkpoints_stamp WHERE id = %s", [row["id"]])
    behind_the_triggers(
        "UPDATE log_entry SET salt = NULL WHERE kind = 'stamp' AND ref = %s", [str(row["id"])]
    )


def check(client: Client, text: str, status: int = 200) -> str:
    """Paste a text and return what the page says, without its form."""
    return said(client.post(PAGE, {"text": text}), status)


def said(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    page = answer.content.decode()
    assert not [secret for secret in SECRETS if secret in page]
    main = page[page.index('<div class="narrow">') : page.index('<form method="post" action="/check/"')]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


class TestAReceipt:
    def test_says_that_the_stamp_is_on_record_and_promised(
        self, client: Client, row: StampRow, carnet: Carnet
    ) -> None:
        page = check(client, signed(row))

        assert "✔ On record" in page
        assert f"{carnet.number} · page 1 · CNURC001" in page
        assert "promised by" in page
        assert "Promise broken" not in page

    def test_says_where_it_is_in_the_log(self, client: Client, row: StampRow, grow: Grow) -> None:
        log = grow()
        index = log.entry_set.get(kind="stamp", ref=str(row["id"])).index

        assert f"Log entry {index} of {log.size}" in check(client, signed(row))

    def test_says_when_the_promise_is_broken(self, client: Client, row: StampRow, grow: Grow) -> None:
        with time_machine.travel(row["recorded_at"] + timedelta(seconds=59)):
            assert "Promise broken" not in check(client, signed(row))
        with time_machine.travel(row["recorded_at"] + timedelta(seconds=61)):
            assert "Promise broken" in check(client, signed(row))
            grow()
            assert "Promise broken" not in check(client, signed(row))

    def test_is_opened_by_its_link(self, client: Client, row: StampRow) -> None:
        written = urlsafe_b64encode(signed(row).encode()).decode().rstrip("=")
        answer = client.get(PAGE, {"r": written})

        assert "✔ On record" in said(answer)
        assert "TIR receipt 1" in answer.content.decode()
        assert "neither a whole receipt" in said(client.get(PAGE, {"r": written[:200]}), 400)

    def test_survives_being_copied(self, client: Client, row: StampRow) -> None:
        copied = "\r\n".join(f"  {line} " for line in signed(row).splitlines() if line)

        assert "✔ On record" in check(client, copied)

    def test_says_that_the_stamp_was_taken_back(
        self, client: Client, world: World, carnet: Carnet, row: StampRow
    ) -> None:
        taken = world.stamp(
            carnet, 1, ago(days=8), is_offline=True, cancels=row["id"], cancel_reason="Another lorry."
        ).row
        assert taken is not None

        assert "✖ Taken back" in check(client, signed(row))
        assert "✔ On record" in check(client, signed(taken))

    @pytest.mark.parametrize(
        ("column", "value"),
        [("packages", "7"), ("page", "3"), ("recorded_at", "now()"), ("officer_id", "officer_id + 1")],
    )
    def test_says_that_the_record_was_changed(
        self, client: Client, row: StampRow, column: str, value: str
    ) -> None:
        assert "✔ On record" in check(client, signed(row))
        behind_the_triggers(f"UPDATE checkpoints_stamp SET {column} = {value} WHERE id = %s", [row["id"]])

        assert "✖ Not as the receipt says" in check(client, signed(row))

    def test_says_that_the_record_was_changed_with_new_hashes(
        self, client: Client, row: StampRow, grow: Grow
    ) -> None:
        """Whoever can rewrite the ledger with its hashes cannot rewrite the log."""
        grow()
        assert "✔ On record" in check(client, signed(row))
        behind_the_triggers(
            'UPDATE checkpoints_stamp SET receipt = receipt || \'{"carnet_status": "closed"}\' WHERE id = %s',
            [row["id"]],
        )

        assert "✖ Not as the receipt says" in check(client, signed(row))

    def test_says_that_the_stamp_is_gone(self, client: Client, row: StampRow) -> None:
        text = signed(row)
        behind_the_triggers("DELETE FROM checkpoints_stamp WHERE id = %s", [row["id"]])

        assert "✖ Not on record" in check(client, text)

    def test_says_that_a_stamp_is_gone_that_the_log_has(
        self, client: Client, row: StampRow, grow: Grow
    ) -> None:
        """It is in the log, so the promise was kept; and that the row is gone is no decision of anybody's."""
        text, log = signed(row), grow()
        remove(row)
        with time_machine.travel(row["recorded_at"] + timedelta(days=1)):
            page = check(client, text)

        assert "✖ Not on record" in page
        assert f" of {log.size}" in page
        assert "Promise broken" not in page

    def test_says_that_the_contents_were_removed_by_decision(
        self, client: Client, row: StampRow, grow: Grow
    ) -> None:
        text, log = signed(row), grow()
        entry = log.entry_set.get(kind="stamp", ref=str(row["id"]))
        assert "removed" not in check(client, text)
        remove(row)
        AdministrativeAct.objects.create(
            noun="stamp", ref=str(row["id"]), verb="redact", at=datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
            content={"reason": "Order 17 of the court.", "log": log.origin, "index": entry.index},
        )  # fmt: skip

        page = check(client, text)
        assert "✔ On record, contents removed" in page
        assert f"Log entry {entry.index} of {log.size}" in page
        assert "Contents removed 5 Mar 2026, 09:30 UTC" in page
        assert "Order 17" not in page, "when, and no more"
        for language, word in (("ru", "содержание удалено"), ("zh-hans", "内容已删除")):
            answer = client.post(PAGE, {"text": text}, headers={"Accept-Language": language})
            assert word in answer.content.decode()

    def test_believes_no_decision_about_another_entry(
        self, client: Client, row: StampRow, grow: Grow
    ) -> None:
        text, log = signed(row), grow()
        index = log.entry_set.get(kind="stamp", ref=str(row["id"])).index
        remove(row)
        of_another = {"reason": "", "log": log.origin, "index": index + 1}
        for ref, content in ((str(row["id"]), of_another), ("another", {**of_another, "index": index})):
            AdministrativeAct.objects.create(noun="stamp", ref=ref, verb="redact", content=content, at=now())
            assert "✖ Not on record" in check(client, text)

    def test_that_is_forged_is_told_nothing_more(self, client: Client, row: StampRow, carnet: Carnet) -> None:
        text = signed(row)
        for genuine, false in (
            (" 1 CNURC001", " 2 CNURC001"),
            ("CNURC001", "KZHOR001"),
            (text[-9:], "AAAAAA==\n"),
        ):
            forged = text.replace(genuine, false)
            assert forged != text
            page = check(client, forged)
            assert "✖ Not genuine" in page
            assert carnet.number not in page

    def test_of_another_system_is_not_genuine(self, client: Client, row: StampRow, settings: Any) -> None:
        text = signed(row)
        other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        settings.TIR_SIGNING_KEYS = [other.decode()]

        assert "✖ Not genuine" in check(client, text)


class TestAReceiptOfAStatement:
    @pytest.fixture
    def refusal(self, world: World, carnet: Carnet) -> Refusal:
        return world.refuse(carnet, 1, ago(days=9))

    @pytest.fixture
    def report(self, world: World, carnet: Carnet) -> Incident:
        return world.report(carnet, "CNURC001", ago(days=9), photos=[("image/png", DOT)])

    def test_says_what_of_which_page_is_on_record(
        self, client: Client, carnet: Carnet, refusal: Refusal, report: Incident
    ) -> None:
        refused, reported = check(client, written(refusal)), check(client, written(report))

        assert "✔ On record" in refused
        assert "the refusal to start is on record as it says" in refused
        assert f"{carnet.number} · page 1 · CNURC001" in refused
        assert "✔ On record" in reported
        assert "the certified report is on record as it says" in reported
        assert f"{carnet.number} · CNURC001" in reported

    def test_says_that_the_record_was_changed(
        self, client: Client, refusal: Refusal, report: Incident
    ) -> None:
        assert "✔ On record" in check(client, written(refusal))
        behind_the_triggers(
            "UPDATE checkpoints_refusal SET text = 'All in order.' WHERE id = %s", [refusal.pk]
        )
        behind_the_triggers("DELETE FROM checkpoints_incidentphoto WHERE incident_id = %s", [report.pk])

        assert "✖ Not as the receipt says" in check(client, written(refusal))
        assert "✖ Not as the receipt says" in check(client, written(report))

    def test_says_that_it_is_gone(self, client: Client, refusal: Refusal) -> None:
        behind_the_triggers("DELETE FROM checkpoints_refusal WHERE id = %s", [refusal.pk])

        assert "✖ Not on record" in check(client, written(refusal))

    def test_of_one_kind_is_none_of_another(self, client: Client, refusal: Refusal) -> None:
        text = written(refusal).replace("TIR receipt of a refusal 1", "TIR receipt 1")

        assert "✖ Not genuine" in check(client, text)


class TestACode:
    def test_says_whether_the_page_has_a_stamp(self, client: Client, world: World, carnet: Carnet) -> None:
        assert "Stamp on this page no" in check(client, qr_of(carnet, 1))
        at = ago(days=9)
        world.stamp(carnet, 1, at)

        page = check(client, f" {qr_of(carnet, 1)}\n")
        assert "✔ Genuine" in page
        assert f"{carnet.number} · page 1" in page
        assert "Stamp on this page yes, " in page
        assert "Stamp on this page no" in check(client, qr_of(carnet, 2))

    def test_that_is_forged_is_not_genuine(self, client: Client, carnet: Carnet) -> None:
        code = qr_of(carnet, 1)
        page = check(client, code[:-4] + ("AAAA" if code[-4:] != "AAAA" else "BBBB"))

        assert "✖ Not genuine" in page
        assert carnet.number not in page


class TestThePage:
    @pytest.mark.parametrize("text", ["", "Hello", "TIR receipt 1", "TIR receipt 2\n" * 7])
    def test_asks_for_a_whole_paper(self, db: None, client: Client, text: str) -> None:
        assert client.post(PAGE, {"text": text}).status_code == 400

    def test_needs_no_script_and_no_session(self, db: None, client: Client) -> None:
        answer = client.get(PAGE)

        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert '<textarea name="text"' in answer.content.decode()

    def test_speaks_three_languages(self, client: Client, row: StampRow) -> None:
        for language, word in (("ru", "Записано"), ("zh-hans", "已登记"), ("en", "On record")):
            answer = client.post(PAGE, {"text": signed(row)}, headers={"Accept-Language": language})
            assert word in answer.content.decode()

    def test_is_slow_for_who_asks_too_much(self, db: None, client: Client) -> None:
        for _each in range(60):
            assert client.post(PAGE, {"text": "Hello"}).status_code == 400

        assert client.post(PAGE, {"text": "Hello"}).status_code == 429
        assert client.get(PAGE).status_code == 200
        assert client.post(PAGE, {"text": "Hello"}, REMOTE_ADDR="192.0.2.7").status_code == 400


class TestTheStampsOwnPage:
    def test_shows_the_signed_receipt_and_its_code(
        self, world: World, carnet: Carnet, row: StampRow, reader: Reader, client: Client
    ) -> None:
        page = (
            reader(world.staff["CN"])
            .get(f"/console/carnets/{carnet.number}/stamps/{row['id']}/")
            .content.decode()
        )

        shown = unescape(page[page.index('<pre class="hash">') + 18 : page.index("</pre>")])
        assert shown == signed(stamp_rows([row["id"]])[row["id"]])
        assert "✔ On record" in check(client, shown)
        assert "<svg" in page[page.index("receipt-code") :]
