"""The one place that reads the system clock.

Domain functions take `at`; only `api`, `tasks`, `periodic` and management commands call `now`.
"""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant, timezone-aware, in UTC."""
    return datetime.now(UTC)
