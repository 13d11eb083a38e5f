"""The text of a document, whatever its file format: plain text, HTML, or PDF with a text layer.

What a file is shows in its bytes and not in its name. Plain text is UTF-8, else GB18030 or Big5, and is kept as it stands, line
ends and byte-order mark included. The text of HTML and PDF is what a reader sees, a line for each block; it has the hash of that
text, so that another version of the library may give another hash (`Text.extractor` names the version).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ecobrief.documents import Unreadable
from ecobrief.extraction import html

MOST_BYTES = 128 << 20
"""What is larger is not read: a document is held in memory whole."""
OTHER_FORMATS = {
    b"PK\x03\x04": "a Word, Excel, OFD or ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
}
"""What is often taken for a text, by its first bytes."""
ENCODINGS = {"gb18030": ("gb2312", 0xB0, 0xD7), "big5": ("big5", 0xA4, 0xC6)}
"""The legacy encodings, with the code and the first bytes of the characters that are in common use."""
COMMON_SHARE = 0.5
"""Text decoded by the right encoding has 0.7 to 1 of its characters among the common ones, by a wrong one 0 to 0.66."""
SAMPLE = 20_000
_HAN = re.compile("[㐀-鿿]")
_IS_HTML = re.compile(
    rb"\s*(<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file and how it was taken from it; `extractor` is empty where the file is the text in UTF-8."""

    text: str
    extractor: str = ""


def read(path: Path) -> Text:
    """The text of a file.

    Raises:
        Unreadable: there is none, with the reason in one line.
    """
    return of_bytes(content(path), path.suffix.lower() in (".html", ".htm", ".xhtml"))


def is_there(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have names none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_named_html(path: Path) -> bool:
    return path.suffix.lower() in (".html", ".htm", ".xhtml")


def text(path: Path) -> str:
    """The text of a file, as `documents.held` asks for it.

    Raises:
        Unreadable: there is none.
    """
    return read(path).text


def plain(path: Path) -> str:
    """The text of a file that is plain text, whatever it looks like.

    Raises:
        Unreadable: it is none.
    """
    raw = content(path)
    if not raw.strip():
        raise Unreadable("is empty")
    return decoded(raw)[0]


def of_bytes(raw: bytes, named_html: bool = False) -> Text:
    """The text in the bytes of a file.

    named_html: whether the file's name says that it is HTML, which its bytes need not show

    Raises:
        Unreadable: there is none.
    """
    if not raw.strip():
        raise Unreadable("is empty")
    if b"%PDF-" in raw[:1024]:
        from ecobrief.extraction import pdf

        return _with_something(Text(pdf.text(raw), pdf.extractor()))
    for signature, kind in OTHER_FORMATS.items():
        if raw.startswith(signature):
            raise Unreadable(f"is {kind}; save it as PDF with a text layer, as HTML or as plain text")
    if named_html or _IS_HTML.match(raw[:4096]):
        source, _ = decoded(raw, _CHARSET.search(raw[:4096]))
        return _with_something(Text(html.text(source), html.extractor()))
    return Text(*decoded(raw))


def decoded(raw: bytes, declared: re.Match[bytes] | None = None) -> tuple[str, str]:
    """The characters, and the encoding where it is not UTF-8. What is valid UTF-8 is UTF-8, whatever is declared.

    Raises:
        Unreadable: it is in no encoding known here.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(raw, "utf-16"), "utf-16"
    if b"\0" in raw:
        raise Unreadable("is binary, no text")
    try:
        return raw.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        wrong = error
    if declared and (encoding := _legacy(declared[1].decode("ascii"))):
        return _strictly(raw, encoding), encoding
    found = {encoding: _attempt(raw, encoding) for encoding in ENCODINGS}
    best = max(found, key=lambda encoding: _common_share(found[encoding], encoding))
    if _common_share(found[best], best) < COMMON_SHARE:
        raise Unreadable(
            f"is text in no encoding known here: neither UTF-8 (byte {wrong.start}) nor GB18030 nor Big5"
        )
    return found[best], best


def content(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        Unreadable: there is none, or too many.
    """
    try:
        if path.is_dir():
            raise Unreadable("is a folder; name the files in it")
        if not path.is_file():
            raise Unreadable("is not a file" if path.exists() else "is not there")
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"is larger than {MOST_BYTES >> 20} MB; split it")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _with_something(found: Text) -> Text:
    if not found.text.strip():
        raise Unreadable("is a page without text")
    return found


def _legacy(name: str) -> str:
    """Our name of a declared encoding; GB2312 and GBK are parts of GB18030."""
    folded = name.lower().replace("-", "").replace("_", "")
    return {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5"}.get(folded, "")


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not {encoding.upper()}, as it says it is (byte {error.start})") from error


def _attempt(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _common_share(decoded: str, encoding: str) -> float:
    """The share of characters in common use among the first Chinese ones."""
    code, first, last = ENCODINGS[encoding]
    characters = _HAN.findall(decoded[: SAMPLE * 5])[:SAMPLE]
    common = sum(first <= character.encode(code, "replace")[0] <= last for character in characters)
    return common / len(characters) if characters else 0.0
