"""Every register that a ministry sets up, by its name, in the order in which one needs the other."""

from collections.abc import Mapping
from typing import Any

from carnets.ranges import RANGES
from checkpoints.posts.approval_rules import APPROVAL_RULES
from checkpoints.posts.registering import CROSSINGS, OFFICES
from guarantees.registers.associations import ASSOCIATIONS, MAXIMA
from guarantees.registers.clocks import CLOCKS
from guarantees.registers.guarantees import CEILINGS, GUARANTEES
from guarantees.registers.territories import MEMBERS, TERRITORIES
from tir.registers.entering import Register

REGISTERS: Mapping[str, Register[Any]] = {
    "territories": TERRITORIES,
    "members": MEMBERS,
    "associations": ASSOCIATIONS,
    "maxima": MAXIMA,
    "clocks": CLOCKS,
    "offices": OFFICES,
    "crossings": CROSSINGS,
    "guarantees": GUARANTEES,
    "ceilings": CEILINGS,
    "number-ranges": RANGES,
    "approval-rules": APPROVAL_RULES,
}
BY_NOUN: Mapping[str, Register[Any]] = {register.noun: register for register in REGISTERS.values()}
