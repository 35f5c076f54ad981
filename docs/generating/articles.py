"""The articles of the Convention that the code keeps, written by hand; `annexes` has those of its annexes.

`law` makes pages of them and stops when a row names code that does not exist; `tests/contracts/test_docs.py` fails when
one names a test that does not.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    """One article: what it says in a sentence, the code that keeps it, the tests that try it.

    Code is `path` or `path:name`; tests are names of test functions.
    """

    article: str
    says: str
    code: tuple[str, ...]
    tests: tuple[str, ...]


CONVENTION: Final[tuple[Row, ...]] = (
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
        ("carnets/projection/writing.py:write_projection", "guarantees/models/guarantees.py:LiabilityEntry"),
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
            "guarantees/claims/windows.py:notification_window",
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
            "guarantees/claims/windows.py:demand_window",
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
            "carnets/rules/route.py:every_load_is_planned_before_every_unload",
            "checkpoints/judging/journey.py:pages_follow_the_journey",
        ),
        (
            "test_departure_and_destination_offices_are_at_most_eight",
            "test_every_load_is_planned_before_every_unload",
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
            "carnets/projection/seals.py:move_seals_past_stamp",
            "carnets/projection/seals.py:move_seals_past_event",
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
            "checkpoints/posts/models.py:BorderCrossing",
            "carnets/rules/route.py:offices_are_approved_for_their_roles",
            "checkpoints/judging/journey.py:entry_faces_the_last_exit",
        ),
        ("test_offices_are_approved_for_their_roles", "test_entry_faces_the_last_exit"),
    ),
)
