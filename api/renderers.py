"""Answers that are files: each lets its own `Accept` in; the view answers with the file itself."""

from rest_framework.renderers import BaseRenderer


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
