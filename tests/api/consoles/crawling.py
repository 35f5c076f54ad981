"""Walks through the pages as a reader would, from the menu on, and then as nobody should: odd values in every parameter
and every field of every form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

MOST_OF_A_REFUSAL: Final = 1_000_000  # bytes

# What no keyboard sends, as percent escapes, for some of it is no text at all.
ODD: Final = {
    "NUL": "a%00b",
    "half a surrogate": "%ED%A0%80",
    "not UTF-8": "%FF%FE",
    "a vast number": "1" + "0" * 22,
    "a negative number": "-1",
    "the last day": "9999-12-31",
    "the first day": "0001-01-01",
    "300 letters": "x" * 300,
    "right to left": "%E2%80%AEabc%E2%80%8F",
    "nothing visible": "%E2%80%8B",
    "a script": quote('"><script>alert(1)</script>'),
    "a formula": quote("=1+1"),
    "format": "%25s%7B0%7D",
    "blank": "%20",
    "empty": "",
}


@dataclass
class Form:
    """A form as it stands in a page: where it goes, and its fields with what stands in them."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """What of a page leads on: links and forms, also those of htmx."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get", "src"):
            if said.get(name):
                self.links.add(urljoin(self.address, said[name]))
        if tag == "form":
            method = said.get("method", "get").lower()
            self.forms.append(Form(urljoin(self.address, said.get("action", "")), method))
        elif self.forms and said.get("name") and tag in ("input", "select", "textarea", "button"):
            self._field(tag, said)
        elif tag == "option" and self.forms and self._select:
            if said.get("value") and not self.forms[-1].fields[self._select]:
                self.forms[-1].fields[self._select] = said["value"]

    def _field(self, tag: str, said: dict[str, str]) -> None:
        name = said["name"]
        self._select = name if tag == "select" else ""
        if said.get("type") == "file":
            self.forms[-1].files.add(name)
        else:
            self.forms[-1].fields.setdefault(name, said.get("value", ""))


@dataclass
class Crawl:
    """One reader's walk. Whatever a form did is undone, so the pages stay as they were found."""

    client: Client
    most_pages: int = 50
    asked: int = 0
    faults: list[str] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)

    def walk(self, begin: str = "/console/") -> None:
        """Open every page that links lead to, each kind of address a few times."""
        waiting, kinds = [begin], {}
        while waiting and len(self.pages) < self.most_pages:
            address = waiting.pop(0)
            if address in self.pages or not is_ours(address):
                continue
            kind = kind_of(address)
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] > 2:
                continue
            answer = self.ask("GET", address)
            kind_said = answer.get("Content-Type", "")
            if answer.status_code in (301, 302):
                waiting.append(urljoin(address, answer["Location"]))
            elif kind_said.startswith("text/html") and not answer.streaming:
                page = self.pages[address] = Page(address, answer.content.decode())
                waiting += sorted(page.links)

    def fuzz(self, values: Iterable[str]) -> None:
        """Send each value in every parameter and field of the pages that were found."""
        values = list(values)
        for address, page in list(self.pages.items()):
            names = {name for name, _value in parse_qsl(urlsplit(address).query, keep_blank_values=True)}
            gets = [form for form in page.forms if form.method == "get"]
            names |= {name for form in gets for name in form.fields} | {"page", "sort", "export", "next"}
            bare = address.partition("?")[0]
            for value in values:
                self.ask("GET", f"{bare}?{'&'.join(f'{quote(name)}={value}' for name in sorted(names))}")
                self.ask(
                    "GET",
                    f"{bare}?{'&'.join(f'{quote(name)}[]={value}&{quote(name)}={value}' for name in sorted(names))}",
                )
            for form in page.forms:
                if form.method == "post" and "sign-out" not in form.action:
                    self._fuzz_form(form, values)

    def _fuzz_form(self, form: Form, values: list[str]) -> None:
        for value in values:
            for name in form.fields:
                self.ask("POST", form.action, encoded({**form.fields, name: value}, raw=name))
            self.ask("POST", form.action, encoded(dict.fromkeys(form.fields, value), raw="*"))
        self.ask("POST", form.action, "&".join(f"{quote(name)}=a&{quote(name)}=b" for name in form.fields))
        for name in form.files:
            self.ask("POST", form.action, encoded({**form.fields, name: "not a file"}, raw=""))

    def ask(self, method: str, address: str, body: str = "") -> Any:
        """Send one request and undo what it did; note a fault of the server, and a refusal that is longer than it need
        be."""
        self.asked += 1
        kind = "application/x-www-form-urlencoded"
        with transaction.atomic():
            try:
                answer = self.client.generic(method, address, body, content_type=kind)
            except Exception as error:
                self.faults.append(f"{method} {address[:200]} {body[:200]}: {error!r}"[:600])
                transaction.set_rollback(True)
                return _Nothing()
            transaction.set_rollback(True)
        self._judge(f"{method} {address[:200]} {body[:200]}", answer)
        return answer

    def _judge(self, what: str, answer: HttpResponseBase) -> None:
        if answer.status_code >= 500:
            self.faults.append(f"{what}: {answer.status_code}")
        is_refused = answer.status_code >= 400
        if is_refused and not answer.streaming and len(answer.content) > MOST_OF_A_REFUSAL:  # type: ignore[attr-defined]
            self.faults.append(f"{what}: a refusal of {len(answer.content)} bytes")  # type: ignore[attr-defined]


class _Nothing:
    """What is left of an answer that never came."""

    status_code, streaming, content = 0, False, b""

    def get(self, _name: str, default: str = "") -> str:
        return default


def is_ours(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.netloc and parts.path.startswith(("/console/", "/check/"))


def kind_of(address: str) -> str:
    """Return what addresses have in common that differ by a number or a reference, and by what they ask."""
    parts = urlsplit(address)
    path = "/".join(
        "#" if any(letter.isdigit() for letter in part) else part for part in parts.path.split("/")
    )
    return f"{path}?{','.join(sorted(name for name, _value in parse_qsl(parts.query)))}"


def encoded(fields: dict[str, str], *, raw: str) -> str:
    """Return a form's body; the value of the field `raw` (`*`: of each) is percent escapes already."""
    return "&".join(
        f"{quote(name)}={value if raw in (name, '*') else quote(value)}" for name, value in fields.items()
    )


def sampled(seed: int, count: int) -> Iterator[str]:
    """Yield values that were not thought of: bytes at random, as percent escapes."""
    from random import Random  # noqa: PLC0415

    random = Random(seed)
    for _each in range(count):
        yield "".join(f"%{random.randrange(256):02X}" for _byte in range(random.randrange(1, 40)))
