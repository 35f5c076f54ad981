"""docs/audit.md: which calls are written down as audit events, and where the others are on record."""

from collections.abc import Iterator
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver

from api.deeds import CONSOLE, DOSSIERS, FEWEST_LETTERS, FILES, IN_LEDGERS, SEARCHED, act_of
from docs.generating import markdown
from tir.audit.recording import MOST_A_MINUTE

METHODS: Final = ("POST", "PUT", "PATCH", "DELETE")
SAYS: Final = (
    "An audit event says who (account, roles, country), from where (address, enrolled device), in which request "
    "(`X-Request-ID`), did what (verb, noun, which one) and how it ended (HTTP status, and the code of a refusal). "
    "Of what was sent it keeps the names of the fields, never what stood in them. Events are rows that nobody changes "
    "and entries of the log of everything on record. Headquarters read those of their own country's people, the "
    "secretariat and administrators all: on `/console/audit/`, by `GET /api/v1/audit/`. Looking for a person among "
    "them and taking them away are events too."
)
ACTS: Final = (
    "Each when it is answered without a refusal; `fields` names what was sent. What the database wrote down of the "
    "same request by itself (an administrative act) is shown with the event."
)
KEYS: Final = (
    "Which keys sign from when on is a ledger of its own in the log (`key`). Who proposed and who agreed "
    "to one stands in the proposal that the event `new` or `revoke` of a `signing_key` names."
)
NO_FIELD, SENT = "no field", "names of what was sent"


def page() -> str:
    """Return the page."""
    searched = markdown.codes(SEARCHED)
    kinds = markdown.codes([*FILES, "an attachment"])
    dossiers = markdown.codes(sorted(DOSSIERS))
    besides = (
        ("`sign_in` `account`", "who signs in, and who could not (401, 429)", SENT),
        ("`sign_out` `account`", "the token or the session ends", SENT),
        ("verb of the address", "answered 403: the role may not, or the form is forged or too old", NO_FIELD),
        (
            "`export`, the address",
            f"a file ({kinds}) or a dossier ({dossiers})",
            "`of`: narrowed by",
        ),
        (
            "`search`, the address",
            f"read with {searched}, {FEWEST_LETTERS} letters or more",
            "`by`; what, as `ref`",
        ),
        (
            "`be_refused` `request`",
            f"once a minute is over in which one address (IPv6: one /64) was refused more than {MOST_A_MINUTE} times",
            "`minute`; the rest as `count`",
        ),
    )
    elsewhere = [(markdown.code(name), why) for name, why in sorted(IN_LEDGERS.items())]
    return markdown.page(
        "Audit events",
        SAYS,
        "## Whatever the address",
        markdown.table(("event", "when", "fields"), besides),
        "## Acts, by address",
        ACTS,
        markdown.table(("event", "address", "method"), _acts()),
        "## Calls that change something and have no event",
        markdown.table(("address", "because"), elsewhere),
        "## Keys",
        KEYS,
    )


def _acts() -> list[tuple[str, str, str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for name, methods in _addresses(get_resolver()):
        for method in methods:
            if named := act_of(method, name):
                found.setdefault((" ".join(map(markdown.code, named)), method), set()).add(name)
    return [
        (event, markdown.codes(sorted(names)), method) for (event, method), names in sorted(found.items())
    ]


def _addresses(resolver: URLResolver) -> Iterator[tuple[str, list[str]]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
            name = str(pattern.name)
            allowed = getattr(view, "allow", {})
            is_page = name.startswith(CONSOLE)
            yield name, [
                method for method in METHODS
                if hasattr(view, method.lower()) and (not is_page or method in allowed)
            ]  # fmt: skip
