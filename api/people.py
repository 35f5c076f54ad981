"""What both faces say of people: where they stand, and the link of an invitation."""

from django.urls import reverse

from tir.accounts.inviting import Made
from tir.accounts.models import User


def status_of(person: User) -> str:
    """Return active, invited (with no password yet) or deactivated."""
    if person.is_active:
        return "active"
    return "deactivated" if person.has_usable_password() or not _is_invited(person) else "invited"


def _is_invited(person: User) -> bool:
    return any(each.is_open for each in person.invitations.all())


def association_code(person: User) -> str | None:
    """Return the code of the association that the person acts for, if any."""
    membership = getattr(person, "membership", None)
    return membership.association.code if membership else None


def link_to(made: Made, address: str) -> str:
    """Return the link of a new invitation on the server at `address`, which ends with a slash."""
    return address.rstrip("/") + reverse("console-invitation", kwargs={"secret": made.secret})
