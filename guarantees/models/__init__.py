"""Who guarantees what: territories, associations, holders, guarantees, the liability ledger, claims, legal clocks.

This room knows a carnet only by its number and a TIR operation by number and page, the trade's own natural key.
"""

from guarantees.liability.models import (
    GuaranteedCarnet,
    LiabilityMonth,
    LiabilityPeriod,
    LiabilityTotal,
    UnfoldedEntry,
)
from guarantees.models.associations import Association, ExchangeRate, LiabilityMaximum, Membership
from guarantees.models.claims import Claim, ClaimDocument, ClaimEvent
from guarantees.models.guarantees import Guarantee, GuaranteeCeiling, LiabilityEntry
from guarantees.models.holders import Holder, HolderEvent, HolderExclusion
from guarantees.models.notices import Notice, NoticeMail, NoticeReading
from guarantees.models.territories import ClockRule, CustomsTerritory, TerritoryMember

__all__ = [
    "Association", "Claim", "ClaimDocument", "ClaimEvent", "ClockRule", "CustomsTerritory", "ExchangeRate",
    "Guarantee", "GuaranteeCeiling", "GuaranteedCarnet", "Holder", "HolderEvent", "HolderExclusion",
    "LiabilityEntry", "LiabilityMaximum", "LiabilityMonth", "LiabilityPeriod", "LiabilityTotal", "Membership",
    "Notice", "NoticeMail", "NoticeReading", "TerritoryMember", "UnfoldedEntry",
]  # fmt: skip
