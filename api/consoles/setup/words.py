"""What the registers and their fields are called on a page, and what helps to fill them in."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guarantees.excluding import EXCLUSION, LIFTING
from tir.approvals.signing_keys import NEW as NEW_KEY
from tir.approvals.signing_keys import REVOKE, SIGNING_KEY

LABELS: Mapping[str, Any] = {
    "code": _("Code"),
    "name_en": _("Name in English"),
    "name_ru": _("Name in Russian"),
    "name_zh": _("Name in Chinese"),
    "name": _("Name"),
    "name_local": _("Name in its own language"),
    "default_transit_days": _("Days for transit where the office sets none"),
    "grace_hours": _("Hours of grace after the time limit"),
    "mass_tolerance": _("Tolerance of mass for bulk goods, per mille"),
    "reports": _("Its offices record their stamps here"),
    "territory": _("Customs territory"),
    "country": _("Country"),
    "valid_from": _("First day"),
    "valid_to": _("First day that no longer counts"),
    "exclusions_bind_union": _("Its exclusions bind the whole territory"),
    "time_zone": _("Time zone"),
    "quota_penalty": _("Carnets off a quota for each open notification"),
    "quota_blocked_from": _("Open notifications that stop new carnets"),
    "stock_alarm": _("Numbers left when the stock is called low"),
    "association": _("Association"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "clock": _("Clock"),
    "article": _("Article or order"),
    "years": _("Years"),
    "months": _("Months"),
    "days": _("Days"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "roles": _("Roles"),
    "office_a": _("Office on one side"),
    "office_b": _("Office on the other side"),
    "mode": _("Mode of transport"),
    "remarks": _("Remarks"),
    "reference": _("Reference"),
    "amount_per_carnet": _("Amount for each carnet"),
    "ceiling": _("Ceiling"),
    "max_open_carnets": _("Most open carnets at once"),
    "holder": _("Holder"),
    "guarantee": _("Guarantee"),
    "kind": _("What is proposed"),
    "needed": _("How many others must approve"),
    "amount_from": _("From this amount on"),
    "amount_to": _("Up to, not including"),
    "first": _("First number, digits alone"),
    "last": _("Last number, digits alone"),
    "decided_on": _("Decided on"),
    "on": _("Lifted on"),
    "reason": _("Reason"),
    "verb": _("What is to be done"),
    "key": _("Key"),
    "signs_from": _("Signs from"),
}
HELP: Mapping[str, Any] = {
    "roles": _(
        "At a frontier entry and exit; departure and destination where goods are loaded and unloaded."
    ),
    "name_ru": _("Leave it blank where there is none."),
    "name_zh": _("Leave it blank where there is none."),
    "name_local": _("Leave it blank where there is none."),
    "territory": _("A customs union is one territory of several countries."),
    "country": _("Two capital letters, as in KZ."),
    "currency": _("Three capital letters, as in EUR."),
    "latitude": _("Degrees north, as in 44.2."),
    "longitude": _("Degrees east, as in 80.4."),
    "valid_to": _("Leave it blank while it lasts."),
    "max_open_carnets": _("Leave it blank for no limit."),
    "amount_to": _("Leave it blank for no limit."),
    "holder": _("Leave it blank for the association's pool."),
    "reference": _("The contract's own, up to 35 characters."),
}
TITLES: Mapping[str, Any] = {
    "territories": _("Customs territories"),
    "members": _("Countries of the territories"),
    "associations": _("Associations"),
    "maxima": _("Liability maxima"),
    "clocks": _("Clocks and practices"),
    "offices": _("Customs offices"),
    "crossings": _("Crossings"),
    "guarantees": _("Guarantees"),
    "ceilings": _("Ceilings of guarantees"),
    "number-ranges": _("Carnet numbers"),
    "approval-rules": _("How many must approve"),
}
# What is proposed and is no entry of a register.
KINDS: Mapping[str, Any] = {
    EXCLUSION: _("Exclusion of a holder (art. 38)"),
    LIFTING: _("Lifting of an exclusion (art. 38)"),
    SIGNING_KEY: _("Signing keys"),
}
KEY_VERBS: Mapping[str, Any] = {NEW_KEY: _("Add a key"), REVOKE: _("Revoke a key for good")}
NEW: Mapping[str, Any] = {
    "territories": _("Enter a customs territory"),
    "members": _("Enter a country of a territory"),
    "associations": _("Enter an association"),
    "maxima": _("Propose a liability maximum"),
    "clocks": _("Enter a clock rule"),
    "offices": _("Enter a customs office"),
    "crossings": _("Pair two offices"),
    "guarantees": _("Propose a guarantee"),
    "ceilings": _("Propose a ceiling"),
    "number-ranges": _("Give an association numbers"),
    "approval-rules": _("Propose a rule"),
}
STEPS: Mapping[str, tuple[Any, Any]] = {
    "headquarters": (
        _("Headquarters"),
        _(
            "A person of customs headquarters, who looks after the country here. Money needs two people: one proposes, "
            "another approves."
        ),
    ),
    "territories": (
        _("Customs territory"),
        _("The territory with its practices: days for transit, hours of grace."),
    ),
    "members": (
        _("Countries of the territories"),
        _("Which countries belong to the territory, and since when."),
    ),
    "associations": (_("Association"), _("Who guarantees in the country (Annex 9).")),
    "maxima": (
        _("Liability maximum"),
        _("The most the association owes for one carnet. A second person approves it."),
    ),
    "offices": (
        _("Customs offices"),
        _("Two at least: where a carnet is opened, and where it is closed."),
    ),
    "crossings": (
        _("Paired crossings"),
        _("Which office faces which across the border. The neighbour's office comes first."),
    ),
    "guarantees": (
        _("Guarantee"),
        _("A pool of the association, or one holder's. A second person approves it."),
    ),
    "number-ranges": (_("Carnet numbers"), _("The range that the association issues from.")),
    "clocks": (
        _("Clocks"),
        _("The Convention's are there from the start. Enter what your country does otherwise."),
    ),
    "people": (
        _("Officers at their posts"),
        _("Invite each with the role of an officer and the office to serve at. They stamp by phone."),
    ),
    "staff": (
        _("People of the association"),
        _(
            "Invite a person with the role of the association. They authorise holders, and open accounts for programs."
        ),
    ),
    "holders": (
        _("Holder"),
        _("Who may use carnets. The association authorises its holders itself, under Holders."),
    ),
}
