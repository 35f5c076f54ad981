"""The parts of law.md that the code writes: which article is kept where, and tested where.

`ARTICLES` is written by hand; the generator stops when a row names code that does not exist, and
`tests/contracts/test_docs.py` when it names a test that does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from operator import attrgetter
from typing import Final

from carnets.reconciliation.catalogue import CATALOGUE
from carnets.rules import ISSUE
from checkpoints.judging.rules import CHECKPOINT
from docs.generating.markdown import code, codes, table
from docs.generating.rules import once_a_code
from docs.generating.tests_by_name import ROOT, files_of
from guarantees.choices import Clock

MIGRATIONS_WITH_CLOCKS: Final = ("guarantees.migrations.0002_clock_rules",)


@dataclass(frozen=True, slots=True)
class Row:
    """One article: what it says in a sentence, the code that keeps it, the tests that try it.

    Code is `path` or `path:name`; tests are names of test functions.
    """

    article: str
    says: str
    code: tuple[str, ...]
    tests: tuple[str, ...]


class CodeMissing(LookupError):
    """A row of the legal map names code that does not exist."""


ARTICLES: Final[tuple[Row, ...]] = (
    Row(
        "art. 1(b), 2, 48",
        "A transport crosses a frontier; an operation is the part in one customs territory; a customs union is one.",
        (
            "guarantees/models/territories.py:TerritoryMember",
            "carnets/rules/route.py:a_frontier_is_crossed",
            "carnets/rules/route.py:each_operation_stays_in_one_territory",
            "checkpoints/judging/journey.py:page_is_planned_for_the_territory",
        ),
        (
            "test_a_frontier_is_crossed",
            "test_each_operation_stays_in_one_territory",
            "test_page_is_planned_for_the_territory",
            "test_count_the_eurasian_union_as_one",
        ),
    ),
    Row(
        "art. 1(c), (d)",
        "Start is acceptance at departure or entry; termination is presentation at exit or destination, of the whole"
        " combination with its load; two offices record them, and nothing else makes them.",
        ("carnets/projection/facts.py:project", "carnets/projection/units.py:missing"),
        (
            "test_tells_the_status_from_the_pages_stamped",
            "test_never_calls_an_operation_discharged",
            "test_is_what_should_be_among_the_units_stated",
        ),
    ),
    Row(
        "art. 1(e), 10(1)",
        "Discharge is the recognition that an operation was terminated correctly, by comparing both records; without"
        " delay. A blank box 25 or 26 is no certificate.",
        (
            "carnets/reconciliation/catalogue.py:CATALOGUE",
            "carnets/reconciliation/statements.py:DISCHARGE",
            "carnets/periodic.py:reconcile_due",
            "carnets/models.py:TirOperation",
        ),
        (
            "test_is_barred_where_this_alone_is_broken",
            "test_is_given_exactly_where_it_is_earned",
            "test_seals_are_checked_at_termination",
            "test_packages_are_certified_at_termination",
        ),
    ),
    Row(
        "art. 8(1), 8(3)",
        "An association owes at most its maximum for one carnet on its territory; each party sets its own.",
        (
            "guarantees/models/associations.py:LiabilityMaximum",
            "guarantees/exposure.py:cover_in",
            "guarantees/claims/steps.py:demand",
        ),
        ("test_is_the_amount_up_to_the_associations_maximum", "test_goes_by_the_maximum_of_that_day"),
    ),
    Row(
        "art. 8(4)",
        "Liability begins with acceptance in the country of departure, with entry in each further one, and anew with"
        " resumption after a suspension.",
        ("carnets/projection/writing.py:write", "guarantees/models/guarantees.py:LiabilityEntry"),
        (
            "test_begins_with_acceptance_and_entry",
            "test_moves_to_the_country_where_the_standing_stamp_was_made",
        ),
    ),
    Row(
        "art. 8(5)",
        "Undeclared goods inside the sealed section are covered too: packages in excess are flagged, not refused.",
        ("checkpoints/judging/load.py:packages_are_those_expected",),
        ("test_packages_are_those_expected",),
    ),
    Row(
        "art. 9",
        "The last day in box 1 bounds acceptance at departure only; accepted in time, the carnet is valid to the end.",
        (
            "carnets/rules/route.py:acceptance_date_is_within_the_period",
            "checkpoints/judging/validity.py:carnet_is_accepted_in_time",
            "carnets/issuing.py:expire",
        ),
        ("test_acceptance_date_is_within_the_period", "test_carnet_is_accepted_in_time"),
    ),
    Row(
        "art. 10(2)",
        "A discharge is final, unless the certificate was obtained improperly or no termination took place.",
        ("carnets/models.py:ReopenedDischarge", "carnets/projection/writing.py:with_discharges"),
        (
            "test_is_taken_back_with_the_evidence_it_stood_on",
            "test_that_claims_a_page_opens_duplicate_and_reopens_nothing",
            "test_that_takes_a_record_back_reopens_what_it_was_discharged_on",
        ),
    ),
    Row(
        "art. 11(1)",
        "The association is notified of non-discharge within one year of acceptance by that country's customs, two on"
        " fraud; the day it received the notice counts.",
        (
            "guarantees/claims/steps.py:notify",
            "guarantees/claims/windows.py:notification",
            "guarantees/claims/rules.py:association_is_notified_in_time",
            "guarantees/claims/rules.py:holder_is_notified",
        ),
        ("test_says_what_the_clocks_say", "test_association_is_notified_in_time", "test_holder_is_notified"),
    ),
    Row(
        "art. 11(2)",
        "Payment is first required of the person liable, so far as possible.",
        (
            "guarantees/claims/steps.py:demand",
            "guarantees/claims/rules.py:debtor_is_identified",
            "guarantees/claims/rules.py:debtor_is_pursued_first",
        ),
        ("test_debtor_is_identified", "test_debtor_is_pursued_first"),
    ),
    Row(
        "art. 11(3)",
        "A claim is made at the earliest one month (formerly three) and at the latest two years after notification. If"
        " proceedings run within those two years, it is made within one year of the decision becoming enforceable"
        " instead; while there is none, no last day is fixed.",
        (
            "guarantees/claims/steps.py:demand",
            "guarantees/claims/windows.py:demand",
            "guarantees/claims/rules.py:claim_is_not_premature",
            "guarantees/claims/rules.py:claim_is_not_lapsed",
        ),
        (
            "test_says_what_the_clocks_say",
            "test_go_by_a_decision_only_if_proceedings_ran_within_the_two_years",
            "test_claim_is_not_premature",
            "test_claim_is_not_lapsed",
        ),
    ),
    Row(
        "art. 11(4), 11(5)",
        "The association pays within three months of the claim; it is reimbursed within two years of the claim if no"
        " irregularity occurred.",
        (
            "guarantees/claims/steps.py:pay",
            "guarantees/claims/steps.py:reimburse",
            "guarantees/deadlines.py:of_claims",
        ),
        ("test_says_what_the_clocks_say", "test_are_payment_then_reimbursement"),
    ),
    Row(
        "art. 17(2), Annex 1",
        "A pair of vouchers for each operation. Carnets have 4, 6, 14 or 20; odd pages are No. 1, even ones No. 2.",
        (
            "carnets/rules/route.py:vouchers_are_enough",
            "carnets/rules/route.py:voucher_count_exists",
            "checkpoints/judging/validity.py:page_is_in_the_carnet",
        ),
        ("test_vouchers_are_enough", "test_voucher_count_exists", "test_page_is_in_the_carnet"),
    ),
    Row(
        "art. 18",
        "At most eight offices of departure and destination; every load comes before every unload.",
        (
            "carnets/rules/route.py:departure_and_destination_offices_are_at_most_eight",
            "checkpoints/judging/journey.py:pages_follow_the_journey",
        ),
        (
            "test_departure_and_destination_offices_are_at_most_eight",
            "test_goods_are_loaded_before_any_is_unloaded",
            "test_pages_follow_the_journey",
        ),
    ),
    Row(
        "art. 8, 17, 45",
        "No carnet starts where no association guarantees, nor at an office that is not approved. Another road than"
        " planned is recorded where it is taken.",
        (
            "checkpoints/judging/validity.py:territory_has_a_guarantor",
            "checkpoints/judging/validity.py:office_is_approved_that_day",
            "carnets/projection/alignment.py:align",
        ),
        (
            "test_territory_has_a_guarantor",
            "test_office_is_approved_that_day",
            "test_are_the_legs_in_the_territory_of_the_stamps",
        ),
    ),
    Row(
        "art. 19, 22, 24, 35",
        "Seals are affixed at departure, added and taken off by an office's own territory, replaced at a load, an"
        " unload or an examination: what is on must be among those found at the next office.",
        (
            "carnets/projection/seals.py:pass_stamp",
            "carnets/projection/seals.py:pass_event",
            "checkpoints/judging/load.py:seals_are_those_expected",
        ),
        (
            "test_seals_are_those_expected",
            "test_expected_are_those_affixed_and_found_so_far",
            "test_lets_an_office_take_off_what_its_own_territory_put_on",
            "test_replaces_seals_without_a_certified_report",
        ),
    ),
    Row(
        "art. 20, 39",
        "Customs may set a time limit and a route for their territory; where they set none nobody is late, and minor"
        " delays are disregarded.",
        (
            "carnets/projection/walk.py:time_limit",
            "checkpoints/judging/journey.py:time_limit_is_kept",
            "guarantees/models/territories.py:CustomsTerritory",
        ),
        ("test_time_limit_is_kept", "test_is_box_20_when_the_office_filled_it_in"),
    ),
    Row(
        "art. 25",
        "Seals broken on the way, or goods destroyed or moved: a certified report explains it to the next offices.",
        (
            "checkpoints/recording/incidents.py:report_incident",
            "checkpoints/judging/load.py:broken_seals_have_a_certified_report",
            "checkpoints/judging/load.py:units_are_those_of_the_carnet",
        ),
        ("test_broken_seals_have_a_certified_report", "test_units_are_those_of_the_carnet"),
    ),
    Row(
        "art. 26",
        "A transport may be suspended and resumed; the offices of both count as exit and entry en route.",
        (
            "carnets/itinerary.py:ROLES",
            "carnets/projection/facts.py:carnet_status",
            "checkpoints/judging/journey.py:suspension_was_not_too_long",
        ),
        ("test_suspension_was_not_too_long", "test_has_the_role_of_what_is_done_there"),
    ),
    Row(
        "art. 27",
        "Another office may certify instead of the planned one, and the transport may end at another approved office,"
        " in whatever country: noted, not refused.",
        (
            "checkpoints/judging/journey.py:office_is_the_one_planned",
            "carnets/projection/alignment.py:Alignment.is_final",
        ),
        ("test_office_is_the_one_planned", "test_is_the_last_unload_or_an_end_declared"),
    ),
    Row(
        "art. 28",
        "Termination is certified with or without reservation; with one, nobody discharges by machine.",
        ("checkpoints/judging/load.py:termination_is_without_reservation", "checkpoints/models.py:Stamp"),
        ("test_termination_is_without_reservation",),
    ),
    Row(
        "art. 29 to 35",
        "Heavy or bulky goods may go unsealed and on a vehicle without approval; cover and vouchers are endorsed.",
        (
            "carnets/rules/goods.py:approval_certificates_are_valid",
            "carnets/documents/prefilled.py:endorsements",
        ),
        ("test_approval_certificates_are_valid", "test_endorses_heavy_goods_on_cover_and_every_voucher"),
    ),
    Row(
        "art. 38",
        "A country may exclude a person: no carnet is issued for a route through it, and no start is accepted there;"
        " the association and the international organization are told within a week.",
        (
            "guarantees/models/holders.py:HolderExclusion",
            "carnets/rules/parties.py:holder_is_not_excluded_on_the_route",
            "checkpoints/judging/validity.py:holder_is_not_excluded_here",
            "guarantees/holders.py:exclude",
            "guarantees/holders.py:notice_window",
        ),
        (
            "test_holder_is_not_excluded_on_the_route",
            "test_holder_is_not_excluded_here",
            "test_has_one_week_for_its_notice",
        ),
    ),
    Row(
        "art. 45",
        "Offices are approved for TIR, with roles; adjacent states pair their frontier offices.",
        (
            "checkpoints/models.py:BorderCrossing",
            "carnets/rules/route.py:offices_are_approved_for_their_roles",
            "checkpoints/judging/journey.py:entry_faces_the_last_exit",
        ),
        ("test_offices_are_approved_for_their_roles", "test_entry_faces_the_last_exit"),
    ),
    Row(
        "Annex 1",
        "The model carnet: cover, manifest, vouchers with boxes 1 to 28, counterfoils, certified report.",
        ("carnets/documents/render.py:render_carnet", "carnets/documents/titles.py:VOUCHER"),
        (
            "test_voucher_1_has_boxes_1_to_23_and_its_counterfoil",
            "test_voucher_2_has_boxes_1_to_28_and_its_counterfoil",
            "test_certified_report_has_its_items",
        ),
    ),
    Row(
        "Annex 1, rule of use 6",
        "Where goods are loaded or unloaded on the way, one office certifies No. 2 of one pair and No. 1 of the next;"
        " what an operation is compared with is its own No. 1.",
        ("carnets/itinerary.py:legs_of", "carnets/projection/cargo.py:terminate"),
        (
            "test_is_two_pages_at_one_load_or_unload",
            "test_are_what_the_plan_and_the_certificates_before_say",
            "test_of_both_pages_of_a_visit_are_compared_once",
        ),
    ),
    Row(
        "practice: days and clocks",
        "Each day of the law is the day at the place: acceptance and posting at the office, issue and expiry at the"
        " issuing association. What comes too late, or from a device that nobody enrolled, bars the machine.",
        (
            "tir/kernel/places.py:day_at",
            "checkpoints/judging/validity.py:stamp_arrives_in_time_from_a_known_device",
            "checkpoints/judging/validity.py:time_is_not_in_the_future",
        ),
        (
            "test_accepts_up_to_the_last_day_at_the_office",
            "test_stamp_arrives_in_time_from_a_known_device",
            "test_time_is_not_in_the_future",
        ),
    ),
    Row(
        "Annex 3",
        "Vehicles have a certificate of approval; one that expires under way stays good to destination.",
        (
            "carnets/rules/goods.py:approval_certificates_are_valid",
            "checkpoints/judging/validity.py:approval_is_valid_when_the_transport_starts",
        ),
        ("test_approval_certificates_are_valid", "test_approval_is_valid_when_the_transport_starts"),
    ),
    Row(
        "Annex 9 Part II",
        "Only a person authorised through an association gets carnets, from that association.",
        (
            "carnets/rules/parties.py:holder_is_authorised",
            "carnets/rules/parties.py:holder_belongs_to_the_association",
            "guarantees/states.py:HOLDER",
        ),
        (
            "test_holder_is_authorised",
            "test_holder_belongs_to_the_association",
            "test_are_taken_from_the_statuses_of_the_table_alone",
        ),
    ),
    Row(
        "Annex 9 Part II par. 6",
        "An authorisation is no right to receive carnets: the association rations them, fewer while a notification of"
        " non-discharge is open.",
        ("carnets/quotas.py:standing", "carnets/rules/parties.py:holder_quota_is_not_used_up"),
        (
            "test_holder_quota_is_not_used_up",
            "test_shrinks_with_each_open_notification_and_grows_again",
            "test_cannot_pass_the_quota_together",
        ),
    ),
    Row(
        "Annex 10 par. 1",
        "Termination data of every carnet presented at an office of destination, by page; a correction cancels and"
        " sends anew.",
        (
            "checkpoints/annex10/terminations.py:terminations",
            "checkpoints/annex10/records.py:changes_of",
            "checkpoints/annex10/daily.py:make_files",
        ),
        (
            "test_fold_to_exactly_the_standing_terminations",
            "test_fold_to_what_the_projection_says",
            "test_hold_a_late_stamp_on_the_day_it_was_recorded",
        ),
    ),
    Row(
        "Annex 10 par. 2",
        "Returned carnets are compared with what was recorded; what differs or is missing is asked of customs, who"
        " confirm, correct or do not find it.",
        (
            "carnets/annex10/returns.py:record_return",
            "carnets/annex10/requests.py:open_request",
            "carnets/annex10/reminders.py:remind_due",
            "checkpoints/annex10/correcting.py:correct",
        ),
        (
            "test_name_the_fields_that_differ",
            "test_becomes_a_cancelling_and_a_new_stamp",
            "test_come_when_the_period_is_over_and_then_again",
        ),
    ),
    Row(
        "Annex 10 par. 4",
        "Customs can see which carnets were invalidated: such a carnet is stopped, and its stamps are flagged.",
        ("checkpoints/judging/validity.py:carnet_is_in_circulation", "carnets/choices.py:Control"),
        ("test_carnet_is_in_circulation",),
    ),
    Row(
        "Annex 11 art. 10",
        "When a system is down, the guarantee is confirmed by asking: one question, judged from the record and kept for"
        " both sides.",
        ("carnets/guarantee_queries/asking.py:ask", "carnets/guarantee_queries/asking.py:confirm_by_hand"),
        ("test_is_good_for_a_carnet_in_order", "test_route_touches_the_country"),
    ),
)


def articles() -> str:
    rows = (
        (row.article, row.says, codes(existing(name) for name in row.code), _tests(row)) for row in ARTICLES
    )
    return table(("article", "what it asks", "kept in", "tried by"), rows)


def _tests(row: Row) -> str:
    return ", ".join(f"{code(test)}" for test in row.tests)


def existing(name: str) -> str:
    """Return the name if there is such code; stop the generator if there is not."""
    path, _colon, symbol = name.partition(":")
    if not (ROOT / path).is_file():
        raise CodeMissing(name)
    if symbol:
        try:
            attrgetter(symbol)(import_module(path.removesuffix(".py").replace("/", ".")))
        except AttributeError:
            raise CodeMissing(name) from None
    return name


def rules_by_article() -> str:
    """Return every rule and comparison, sorted by the article it keeps."""
    rows = sorted(_rules(), key=lambda row: (_order(row[0]), row[2], row[1]))
    return table(("article", "rule", "in", "tried by"), rows)


def _rules() -> Iterator[tuple[str, str, str, str]]:
    for book in (ISSUE, CHECKPOINT):
        for rule in book:
            path = f"{rule.check.__module__.replace('.', '/')}.py"
            yield rule.article, code(rule.code), code(path), _tried(f"test_{rule.name}")
    for item, vouchers in once_a_code(CATALOGUE):
        what = f"{code(item.code)}, voucher {vouchers}"
        tried = _tried(f"test_{item.code}_at_{item.side}")
        yield item.article, what, "`carnets/reconciliation/catalogue.py`", tried


def _tried(test: str) -> str:
    return code(test) if files_of(test) else ""


def _order(article: str) -> tuple[int, int, str]:
    """Sort articles of the Convention by number, then its annexes, then other sources."""
    digits = "".join(character if character.isdigit() else " " for character in article).split()
    kind = 0 if article.startswith("art.") else 1 if article.startswith("Annex") else 2
    return kind, int(digits[0]) if digits else 0, article


def clocks() -> str:
    """Return the clocks as a fresh installation has them."""
    rows = (
        (code(name), Clock(name).label, _length(years, months, days), article, start, end or "")
        for migration in MIGRATIONS_WITH_CLOCKS
        for name, start, end, years, months, days, article in import_module(migration).RULES
    )
    return table(("clock", "runs", "for", "by", "in force from", "up to"), rows)


def _length(years: int, months: int, days: int) -> str:
    said = ((years, "year"), (months, "month"), (days, "day"))
    return " ".join(f"{number} {word}{'s' if number > 1 else ''}" for number, word in said if number)
