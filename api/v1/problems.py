"""The page that `type` of every problem document points at: each code with its status and its meaning."""

from typing import ClassVar

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api.endpoints import Endpoint
from api.openapi import documented
from api.permissions import EVERYONE
from api.refusal_catalogue import CatalogueEntry, catalogue_entries
from api.renderers import JsonRenderer

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Problems</title>
<h1>Problems</h1>
<p>Every code that an answer of type application/problem+json may carry. Decide on the code and on the facts beside
it; the sentence is for people. In a sentence, names in braces stand for facts of the case.</p>
<dl>
{}
</dl>
</html>
"""


class HtmlRenderer(BaseRenderer):
    """Lets a browser's `Accept: text/html` in; the view answers with the page itself."""

    media_type = "text/html"
    format = "html"


class Problems(Endpoint):
    """What each code means."""

    authentication_classes = ()
    allow: ClassVar = {"GET": EVERYONE}
    renderer_classes = (HtmlRenderer, JsonRenderer)

    @documented(
        "What each problem code means",
        operation="problems",
        answers={(200, "text/html"): str},
        tag="server",
        public=True,
    )
    def get(self, request: Request) -> HttpResponse:
        rows = format_html_join("\n", "{}", ((_listed_problem(entry),) for entry in catalogue_entries()))
        return HttpResponse(format_html(PAGE, rows))


def _listed_problem(entry: CatalogueEntry) -> SafeString:
    """Return one code as an item of the list, under the anchor that `type` ends in."""
    source = format_html(" ({})", entry.article) if entry.article else ""
    return format_html(
        '<dt id="{0}"><code>{0}</code>, {1}</dt><dd>{2}{3}</dd>',
        entry.code,
        entry.status,
        entry.meaning,
        source,
    )
