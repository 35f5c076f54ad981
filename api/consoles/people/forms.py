"""The forms about people. Which roles, reaches and offices they offer depends on the administrator who asks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from api.consoles import formatting
from api.consoles.forms import Form, day_field, reason_field
from checkpoints.posts.offices import Office, register
from checkpoints.staff.posting import PostingShift, WantedPosting
from guarantees.models import Association
from tir.accounts.assigning import Wanted
from tir.accounts.models import Assignment, Reach, Role, User
from tir.accounts.scopes import EVERYWHERE, GIVING, REACHES, Authority, Place, reach_of
from tir.kernel.values import value

MOST_OF_A_REASON = 1000  # characters
HOURS = ["%H:%M"]


@value
class Givable:
    """What an administrator may give: roles, and the offices to post to."""

    roles: tuple[str, ...]
    offices: tuple[Office, ...]
    is_everywhere: bool


def offered_by(authority: Authority, *, at: datetime) -> Givable:
    """Return what the administrator may give, in the order of the roles."""
    gives = frozenset().union(*(own.gives for own in authority.giving))
    places = [place for own in authority.giving for place in own.places]
    offices = [office for office in register().by_id.values() if office.is_approved_on(office.day(at))]
    mine = [office for office in offices if _is_within(office, places)]
    return Givable(
        tuple(role for role in Role.values if role in gives),
        tuple(sorted(mine, key=lambda office: office.code)),
        EVERYWHERE in places,
    )


def _is_within(office: Office, places: Iterable[Any]) -> bool:
    return any(
        place.reach == Reach.ALL
        or (place.reach == Reach.TERRITORY and place.country == office.facts.country)
        or (place.reach == Reach.OFFICE and place.name == office.code)
        for place in places
    )


class RolesForm(Form):
    """One box a role that may be given; for who may give roles in turn, one box a role of those."""

    def offer_roles(self, offered: Givable, *, held: Iterable[Assignment] = ()) -> None:
        """Add the boxes, those of what the person has already ticked."""
        there = {each.role: each for each in held}
        for role in offered.roles:
            self.fields[f"role_{role}"] = _box(Role(role).label, role in there)
        if GIVING.isdisjoint(offered.roles):
            return
        given = {role for each in there.values() for role in each.gives}
        for role in offered.roles:
            self.fields[f"gives_{role}"] = _box(Role(role).label, role in given)

    def boxes(self, kind: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(f"{kind}_")]

    @property
    def role_boxes(self) -> list[forms.BoundField]:
        return self.boxes("role")

    @property
    def gives_boxes(self) -> list[forms.BoundField]:
        return self.boxes("gives")

    def roles_wanted(self, *, home: Place, kept: Iterable[Assignment] = ()) -> list[Wanted]:
        """Return the roles that are ticked, each as far as goes where the person belongs. Days of what is kept stay."""
        there = {each.role: each for each in kept}
        return [self._wanted(role, home, there.get(role)) for role in self._ticked("role")]

    def _wanted(self, role: str, home: Place, held: Assignment | None) -> Wanted:
        gives = frozenset(self._ticked("gives")) if role in GIVING else frozenset()
        reach = home.reach if home.reach in REACHES[role] else reach_of(role)
        return Wanted(role, reach, gives, None, held.valid_to if held else None)

    def _ticked(self, kind: str) -> list[str]:
        start = f"{kind}_"
        return [
            name[len(start) :] for name, said in self.cleaned_data.items() if name.startswith(start) and said
        ]


class PlacementForm(Form):
    """Where somebody serves, and in which shift."""

    def offer_offices(self, offered: Givable, *, required: bool) -> None:
        """Add the fields of a posting; the office's names are in the reader's language."""
        names = [(office.code, formatting.office_name(office.code)) for office in offered.offices]
        self.fields["office"] = forms.ChoiceField(
            label=_("Office"), required=required, choices=[("", "–"), *names]
        )
        self.fields["valid_from"] = day_field(
            _("From"), required=False, help_text=_("Empty: from today, by the day at the office.")
        )
        self.fields["valid_to"] = day_field(
            _("Until"), required=False, help_text=_("The first day that no longer counts; empty for no end.")
        )
        self.fields["shift"] = forms.CharField(
            label=_("Shift"),
            max_length=40,
            required=False,
            help_text=_("As your office calls it, with its hours."),
        )
        self.fields["begins"] = _hour_field(_("Shift begins"))
        self.fields["ends"] = _hour_field(_("Shift ends"))

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        start, stop = said.get("valid_from"), said.get("valid_to")
        if start and stop and stop <= start:
            self.add_error("valid_to", _("The last day comes after the first. Correct one of them."))
        parts = [said.get("shift"), said.get("begins"), said.get("ends")]
        if (
            "begins" in self.fields
            and any(each is not None and each != "" for each in parts)
            and not all(each is not None and each != "" for each in parts)
        ):
            self.add_error(
                "shift", _("A shift has a name, a beginning and an end. Fill in all three, or none.")
            )
        return said

    def posting_wanted(self, *, moves: bool = False) -> WantedPosting | None:
        """Return the posting that is asked for; None where no office is chosen."""
        said = self.cleaned_data
        if not said.get("office"):
            return None
        shift = PostingShift(said["shift"], said["begins"], said["ends"]) if said.get("shift") else None
        return WantedPosting(said["office"], said["valid_from"], said["valid_to"], shift, moves)


class InviteForm(RolesForm, PlacementForm):
    username = forms.RegexField(
        r"^[A-Za-z0-9._@+-]{1,150}$",
        label=_("Name to sign in with"),
        help_text=_("Letters, digits and . _ @ + -, as in aigerim.n; it is never given to anybody else."),
        error_messages={"invalid": _("Use letters, digits and . _ @ + - alone.")},
    )
    name = forms.CharField(label=_("Name of the person"), max_length=150)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Not needed: the link is shown to you as well.")
    )

    def __init__(self, *given: Any, offered: Givable, **options: Any) -> None:
        super().__init__(*given, **options)
        if offered.is_everywhere:
            self.fields["country"] = forms.RegexField(
                r"^[A-Z]{2}$",
                label=_("Country"),
                required=False,
                help_text=_("Two capital letters, as in KZ, for whoever acts for a country's customs."),
                error_messages={"invalid": _("Two capital letters, as in KZ.")},
            )
            self.fields["association"] = forms.ChoiceField(
                label=_("Association"),
                required=False,
                choices=[("", "–"), *Association.objects.order_by("code").values_list("code", "name")],
            )
        self.offer_roles(offered)
        self.offer_offices(offered, required=False)
        self.fields["reason"] = reason_field(most=MOST_OF_A_REASON)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and not self._ticked("role"):
            self.add_error(None, _("Choose at least one role."))
        return said


class ChangeForm(RolesForm):
    name = forms.CharField(label=_("Name of the person"), max_length=150)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", "–"), *settings.LANGUAGES], required=False
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *given: Any, offered: Givable, held: Iterable[Assignment], **options: Any) -> None:
        super().__init__(*given, **options)
        self.offer_roles(offered, held=held)
        self.fields["reason"] = reason_field(most=MOST_OF_A_REASON)


class PostForm(PlacementForm):
    def __init__(self, *given: Any, offered: Givable, **options: Any) -> None:
        super().__init__(*given, **options)
        self.offer_offices(offered, required=True)
        self.fields["moves"] = _box(_("End where the person serves on that day"), True)
        self.fields["reason"] = reason_field(most=MOST_OF_A_REASON)


class EndPostingForm(Form):
    on = day_field(
        _("Ends on"), required=False, help_text=_("The first day that no longer counts; empty for today.")
    )
    reason = reason_field(most=MOST_OF_A_REASON)


class HandOverForm(Form):
    def __init__(self, *given: Any, colleagues: Iterable[User], **options: Any) -> None:
        super().__init__(*given, **options)
        named = [(str(each.pk), f"{each.get_full_name()} ({each.username})") for each in colleagues]
        self.fields["to"] = forms.ChoiceField(label=_("To"), choices=[("", "–"), *named])
        self.fields["on"] = day_field(_("From"), required=False, help_text=_("Empty: from today."))
        self.fields["roles"] = _box(_("Hand the roles over too, from today"), False)
        self.fields["end_phones"] = _box(_("End the person's phones now"), False)
        self.fields["reason"] = reason_field(most=MOST_OF_A_REASON)


class PersonReasonForm(Form):
    reason = reason_field(most=MOST_OF_A_REASON)


class PasswordLinkForm(Form):
    reason = reason_field(most=MOST_OF_A_REASON)
    forget = forms.BooleanField(
        label=_(
            "The second factor is lost too: it is forgotten with the link's use, and a new one is set up"
        ),
        required=False,
    )


class AcceptForm(Form):
    password = forms.CharField(
        label=_("Your password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least twelve characters; several words that do not belong together are good."),
    )
    again = forms.CharField(
        label=_("Once more"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and said["password"] != said["again"]:
            self.add_error("again", _("This is another password than above. Type it again."))
        return said


def _box(label: Any, ticked: bool) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, initial=ticked)


def _hour_field(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(format=HOURS[0], attrs={"type": "time"})
    return forms.TimeField(label=label, required=False, widget=widget, input_formats=HOURS)
