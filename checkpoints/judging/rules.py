"""Judging a carnet at a checkpoint: pure rules over facts, the same for a scan, a stamp, a preview, and a phone that
has no network. The book holds them in the order in which reasons are told; the first that stops gives a refusal its
code."""

from checkpoints.judging.book import NEEDS_CONFIRMING, NEVER_EVIDENCE, refusal, verdict_of
from checkpoints.judging.case import Case
from checkpoints.judging.journey import JOURNEY
from checkpoints.judging.load import LOAD
from checkpoints.judging.validity import VALIDITY
from tir.kernel.rules import RuleBook

CHECKPOINT = RuleBook["Case"]("a carnet at a checkpoint", [*VALIDITY, *JOURNEY, *LOAD])

__all__ = ["CHECKPOINT", "NEEDS_CONFIRMING", "NEVER_EVIDENCE", "Case", "refusal", "verdict_of"]
