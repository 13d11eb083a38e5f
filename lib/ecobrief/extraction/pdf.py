"""The text layer of a PDF, page by page."""

from __future__ import annotations

from importlib.metadata import version

from ecobrief.documents import Unreadable

WRONG_PASSWORD = 4
"""PDFium's code of a file that does not open without its password."""


def extractor() -> str:
    return f"pypdfium2 {version('pypdfium2')}"


def text(raw: bytes) -> str:
    """The text of all pages, a line feed between them.

    Raises:
        Unreadable: it needs a password, is damaged, or is made of pictures alone.
    """
    import pypdfium2 as pdfium  # a library of its own weight, for PDFs alone

    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == WRONG_PASSWORD:
            raise Unreadable("is a PDF protected by a password; save it without one") from error
        raise Unreadable(f"is a damaged PDF ({error})") from error
    try:
        pages = [_page(document, number) for number in range(len(document))]
    except pdfium.PdfiumError as error:
        raise Unreadable(f"is a damaged PDF ({error})") from error
    finally:
        document.close()
    if not any(page.strip() for page in pages):
        raise Unreadable(
            "is a PDF of pictures without a text layer; read it with character recognition (OCR) first"
        )
    return "\n".join(pages)


def _page(document: object, number: int) -> str:
    page = document[number]  # type: ignore[index]
    layer = page.get_textpage()
    try:
        found: str = layer.get_text_bounded()
    finally:
        layer.close()
        page.close()
    return found.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").replace("￾", "")
