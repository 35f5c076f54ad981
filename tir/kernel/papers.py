"""Papers that people hand in, scanned or photographed: whether each is of the kind that it says."""

from typing import Final

from tir.kernel.pictures import FORMATS, PictureFault, picture_fault

PDF: Final = "application/pdf"
BEGINS_A_PDF: Final = b"%PDF-"
ENDS_A_PDF: Final = b"%%EOF"
TAIL: Final = 1024  # bytes, among which readers look for the end
ACTS: Final = (b"/JavaScript", b"/Launch")  # what a paper has no use for, and whoever opens it a risk of
NAMELESS: Final = "document"
CONTENT_TYPES: Final = (PDF, *FORMATS)


def is_what_it_says(content_type: str, content: bytes) -> bool:
    """Whether the content is of its type; where a picture was taken may be part of what a paper has to show."""
    if content_type == PDF:
        is_whole = content.startswith(BEGINS_A_PDF) and ENDS_A_PDF in content[-TAIL:]
        return is_whole and not any(act in content for act in ACTS)
    return picture_fault(content_type, content) in {None, PictureFault.TELLS_THE_PLACE}


def file_name(said: str) -> str:
    """Return the name of a file without the way to it, which is nobody's business and could lead elsewhere."""
    name = said.replace("\\", "/").rpartition("/")[2]
    printable = "".join(letter for letter in name if letter.isprintable())
    return printable.strip(" .") or NAMELESS
