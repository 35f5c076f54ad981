"""What both faces say of people: where they stand, and what a one-time link looks like."""

from django.urls import reverse

from tir.accounts.models import User
from tir.signin.links import NewLink
from tir.signin.models import LinkPurpose, OneTimeLink

LEADS_TO = {LinkPurpose.INVITATION: "console-invitation", LinkPurpose.PASSWORD: "console-new-password"}


def status_of(person: User) -> str:
    """Return active, invited (with no password yet) or deactivated."""
    if person.is_active:
        return "active"
    return "deactivated" if person.has_usable_password() or not open_invitation(person) else "invited"


def open_invitation(person: User) -> OneTimeLink | None:
    """Return the invitation that nobody has used or revoked, if any, from what was read with the person."""
    found = (each for each in person.links.all() if each.purpose == LinkPurpose.INVITATION and each.is_open)
    return next(found, None)


def association_code(person: User) -> str | None:
    """Return the code of the association that the person acts for, if any."""
    membership = getattr(person, "membership", None)
    return membership.association.code if membership else None


def link_to(made: NewLink, address: str) -> str:
    """Return the address that a new link leads to, on the server at `address`."""
    return address.rstrip("/") + reverse(
        LEADS_TO[LinkPurpose(made.link.purpose)], kwargs={"secret": made.secret}
    )
