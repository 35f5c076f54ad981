"""The sample accounts: an officer at every office, an association and a headquarters a country, the secretariat, an
auditor, an administrator of all. Passwords are random for each installation and known only from the card (`card`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import token_urlsafe

from django.contrib.auth.hashers import make_password

from checkpoints.models import CustomsOffice, Posting
from checkpoints.reference import tables
from guarantees.models import Association, Membership
from tir.accounts.models import Assignment, Role, User

SERVING_SINCE = date(2020, 1, 1)
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """One sample account, with the keys that its card shows."""

    username: str
    role: Role
    office: str | None = None
    association: str | None = None
    country: str | None = None

    @property
    def password_group(self) -> str:
        """The officers of one country share a password: 124 Argon2 hashes would take half a minute."""
        return f"officers-{self.country}" if self.role == Role.OFFICER else self.username


def officer_name(office: str) -> str:
    return f"officer-{office.lower()}"


def association_name(country: str) -> str:
    return f"association-{country.lower()}"


def pool_reference(country: str) -> str:
    """Return the reference of the guarantee that all holders of a country's association share."""
    return f"{country}-POOL-1"


def sample_accounts() -> list[SampleAccount]:
    """Return every sample account, the one that sees most first."""
    associations = tables.association_rows()
    return [
        SampleAccount("secretariat", Role.SECRETARIAT),
        SampleAccount("auditor", Role.AUDITOR),
        SampleAccount(ADMINISTRATOR, Role.ADMINISTRATOR),
        *(
            SampleAccount(
                association_name(each.country), Role.ASSOCIATION, association=each.code, country=each.country
            )
            for each in associations
        ),
        *(
            SampleAccount(f"hq-{each.country.lower()}", Role.CUSTOMS_HQ, country=each.country)
            for each in associations
        ),
        *(
            SampleAccount(officer_name(each.code), Role.OFFICER, office=each.code, country=each.country)
            for each in tables.office_rows()
        ),
    ]


def ensure_accounts(accounts: Sequence[SampleAccount], *, known: Mapping[str, str]) -> dict[str, str]:
    """Have every account sign in with the password returned for it: the `known` one, or a fresh one.

    Accounts that can do so already are left alone. Where the known passwords are of another database, or were
    lost, the accounts here get those of the card that is written next.
    """
    passwords = _passwords(accounts, known)
    present = (
        set(User.objects.values_list("username", flat=True)) if _are_current(accounts[0], known) else set()
    )
    _write([each for each in accounts if each.username not in present & known.keys()], passwords)
    _attach(accounts)
    _let_give_every_role()
    return passwords


def _let_give_every_role() -> None:
    """Let the administrator invite anybody anywhere, as the first one of an installation may."""
    own = Assignment.objects.filter(person__username=ADMINISTRATOR, role=Role.ADMINISTRATOR, gives=[])
    own.update(gives=sorted(Role))


def _passwords(accounts: Sequence[SampleAccount], known: Mapping[str, str]) -> dict[str, str]:
    by_group: dict[str, str] = defaultdict(lambda: token_urlsafe(12))
    by_group.update(
        {each.password_group: known[each.username] for each in accounts if each.username in known}
    )
    return {each.username: by_group[each.password_group] for each in accounts}


def _are_current(canary: SampleAccount, known: Mapping[str, str]) -> bool:
    """Whether the known passwords are those of this database; one account tells, for checking all takes long."""
    user = User.objects.filter(username=canary.username).first()
    return user is not None and user.check_password(known.get(canary.username, ""))


def _write(accounts: Sequence[SampleAccount], passwords: Mapping[str, str]) -> None:
    hashes = {
        password: make_password(password) for password in {passwords[each.username] for each in accounts}
    }
    User.objects.bulk_create(
        [
            User(
                username=each.username,
                password=hashes[passwords[each.username]],
                roles=[each.role],
                country=each.country or "",
            )
            for each in accounts
        ],
        update_conflicts=True,
        unique_fields=["username"],
        update_fields=["password"],
    )


def _attach(accounts: Sequence[SampleAccount]) -> None:
    """Give each association's account its membership and each officer a posting; those that have one keep it."""
    users = dict(User.objects.values_list("username", "pk"))
    associations = dict(Association.objects.values_list("code", "pk"))
    offices = dict(CustomsOffice.objects.values_list("code", "pk"))
    Membership.objects.bulk_create(
        (
            Membership(user_id=users[each.username], association_id=associations[each.association])
            for each in accounts
            if each.association
        ),
        ignore_conflicts=True,
    )
    posted = set(Posting.objects.values_list("user__username", flat=True))
    Posting.objects.bulk_create(
        Posting(user_id=users[each.username], office_id=offices[each.office], valid_from=SERVING_SINCE)
        for each in accounts
        if each.office and each.username not in posted
    )
