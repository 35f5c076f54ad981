"""Answers that are files: each lets its own `Accept` in; the view answers with the file itself."""

from rest_framework.renderers import BaseRenderer


class Pdf(BaseRenderer):
    """Lets `Accept: application/pdf` in; the view answers with the file itself."""

    media_type = "application/pdf"
    format = "pdf"


class Svg(BaseRenderer):
    media_type = "image/svg+xml"
    format = "svg"


class Png(BaseRenderer):
    media_type = "image/png"
    format = "png"


class Jpeg(BaseRenderer):
    media_type = "image/jpeg"
    format = "jpeg"


class Calendar(BaseRenderer):
    media_type = "text/calendar"
    format = "ics"
