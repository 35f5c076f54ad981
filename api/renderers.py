"""What answers are written as: JSON; or files, each of which lets its own `Accept` in and comes from the view."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

_other = JSONEncoder().default


class JsonRenderer(JSONRenderer):
    """The framework's own answer, byte for byte, in a fifth of its time; but a Decimal is a text, not a float.

    The framework still writes what is to be indented.
    """

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the bytes."""
        if data is None or (accepted_media_type and ";" in accepted_media_type):
            return super().render(data, accepted_media_type, renderer_context)
        said = to_json(data, inf_nan_mode="null", fallback=_other)
        # As the framework does: JavaScript ends a line here.
        return said.replace(b"\xe2\x80\xa8", b"\\u2028").replace(b"\xe2\x80\xa9", b"\\u2029")


class PdfRenderer(BaseRenderer):
    """Lets `Accept: application/pdf` in; the view answers with the file itself."""

    media_type = "application/pdf"
    format = "pdf"


class SvgRenderer(BaseRenderer):
    media_type = "image/svg+xml"
    format = "svg"


class PngRenderer(BaseRenderer):
    media_type = "image/png"
    format = "png"


class JpegRenderer(BaseRenderer):
    media_type = "image/jpeg"
    format = "jpeg"


class TextRenderer(BaseRenderer):
    media_type = "text/plain"
    format = "txt"


class BytesRenderer(BaseRenderer):
    media_type = "application/octet-stream"
    format = "bin"


class CalendarRenderer(BaseRenderer):
    media_type = "text/calendar"
    format = "ics"
