"""What each territory does where the Convention sets no number, and what stands for it, as stamping reads it."""

from carnets.projection.plan import Practices
from guarantees.choices import Clock
from guarantees.clocks import schedule
from guarantees.models import CustomsTerritory
from tir.kernel.kept import kept_for


@kept_for(seconds=60)
def territories() -> dict[int, CustomsTerritory]:
    """Return every customs territory by key."""
    return {territory.pk: territory for territory in CustomsTerritory.objects.all()}


@kept_for(seconds=60)
def practices() -> dict[int, Practices]:
    """Return every territory's practices by its key."""
    return {key: _practices(territory) for key, territory in territories().items()}


def _practices(territory: CustomsTerritory) -> Practices:
    return Practices(
        transit_days=territory.default_transit_days,
        grace_hours=territory.grace_hours,
        mass_tolerance=territory.mass_tolerance,
        longest_offline=schedule(Clock.LONGEST_OFFLINE, territory.pk),
        longest_time_limit=schedule(Clock.LONGEST_TIME_LIMIT, territory.pk),
        suspension=schedule(Clock.SUSPENSION, territory.pk),
        reports=territory.reports,
    )
