"""Papers that people hand in, scanned or photographed: whether each is of the kind that it says."""

from typing import Final

from tir.kernel.pictures import FORMATS, PictureFault, picture_fault

PDF: Final = "application/pdf"
BEGINS_A_PDF: Final = b"%PDF-"
CONTENT_TYPES: Final = (PDF, *FORMATS)


def is_what_it_says(content_type: str, content: bytes) -> bool:
    """Whether the content is of its type; where a picture was taken may be part of what a paper has to show."""
    if content_type == PDF:
        return content.startswith(BEGINS_A_PDF)
    return picture_fault(content_type, content) in {None, PictureFault.TELLS_THE_PLACE}
