"""What the annexes of the Convention ask and where it is kept, written by hand like `articles`."""

from typing import Final

from docs.generating.articles import Row

ANNEXES: Final[tuple[Row, ...]] = (
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
            "carnets/rules/parties.py:holder_is_authorised_at_issue",
            "carnets/rules/parties.py:holder_belongs_to_the_association",
            "guarantees/states.py:HOLDER",
        ),
        (
            "test_holder_is_authorised_at_issue",
            "test_holder_belongs_to_the_association",
            "test_are_taken_from_the_statuses_of_the_table_alone",
        ),
    ),
    Row(
        "Annex 9 Part II par. 6",
        "An authorisation is no right to receive carnets: the association rations them, fewer while a notification of"
        " non-discharge is open.",
        ("carnets/quotas.py:quota_of", "carnets/rules/parties.py:holder_quota_is_not_used_up"),
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
