"""The rules of issuing: what must hold before an association hands a carnet to a holder.

Each rule is a pure function of an `Application` and what is on record about it; its name is the fact that must hold.
Ceiling and number stock are not judged here but under their row locks, in `guarantees.exposure` and `numbering`.
"""

from carnets.rules.application import (
    NO_QUOTA,
    Application,
    DeclaredConsignment,
    DeclaredDocument,
    DeclaredGoods,
    DeclaredVehicle,
    Party,
    PlannedOffice,
    Quota,
)
from carnets.rules.goods import GOODS
from carnets.rules.parties import PARTIES
from carnets.rules.route import ROUTE
from tir.kernel.rules import RuleBook

ISSUE = RuleBook["Application"]("issuing a carnet", [*PARTIES, *ROUTE, *GOODS])

__all__ = [
    "ISSUE", "NO_QUOTA", "Application", "DeclaredConsignment", "DeclaredDocument", "DeclaredGoods", "DeclaredVehicle",
    "Party", "PlannedOffice", "Quota",
]  # fmt: skip
