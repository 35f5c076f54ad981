"""What can go wrong on a journey, one thing each, and what reconciliation must say about it."""

from checkpoints.simulation.faults import cargo, complications, offices, offline, stamps  # noqa: F401  (they register)
from checkpoints.simulation.faults.registry import FAULTS, PlantedFault

__all__ = ["FAULTS", "PlantedFault"]
