"""Small PDF files made by hand, byte by byte: pages of text in a font that says which characters it shows."""

from __future__ import annotations

import hashlib


def pdf(*pages: str, password: str = "") -> bytes:
    """A PDF with these pages; an empty one has only a picture. password: what opens it"""
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    last = 3 + 2 * len(pages)
    characters = sorted(set("".join(pages)) - {"\n"})
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        last: (
            f"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /ToUnicode {last + 2} 0 R "
            f"/DescendantFonts [{last + 1} 0 R] >>"
        ).encode(),
        last + 1: (
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        ),
        last + 2: stream(to_unicode(characters)),
    }
    for number, text in enumerate(pages):
        page, content = 3 + 2 * number, 4 + 2 * number
        fonts = f"/Resources << /Font << /F {last} 0 R >> >>" if text else ""
        objects[page] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {fonts} /Contents {content} 0 R >>".encode()
        )
        objects[content] = stream(drawn(text, characters) if text else "0.5 g 50 50 400 600 re f")
    return written(objects, password)


def drawn(text: str, characters: list[str]) -> str:
    lines = [
        "<" + "".join(f"{characters.index(one) + 1:04X}" for one in line) + "> Tj"
        for line in text.split("\n")
    ]
    return "BT /F 12 Tf 18 TL 50 780 Td\n" + " T*\n".join(lines) + "\nET"


def to_unicode(characters: list[str]) -> str:
    pairs = "\n".join(f"<{number:04X}> <{ord(one):04X}>" for number, one in enumerate(characters, start=1))
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange {len(characters)} beginbfchar\n{pairs}\n"
        "endbfchar endcmap CMapName currentdict /CMap defineresource pop end end"
    )


def stream(content: str) -> bytes:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream".encode()


def written(objects: dict[int, bytes], password: str) -> bytes:
    """The file of these objects. With a password it says that it is encrypted by it; what is in it is not read before it is asked
    for."""
    body, places = bytearray(b"%PDF-1.7\n"), {}
    trailer = f"/Size {max(objects) + 1 + bool(password)} /Root 1 0 R"
    if password:
        owner = hashlib.sha256(b"owner").digest()
        objects = {**objects, max(objects) + 1: encryption(password, owner)}
        trailer += f" /Encrypt {max(objects)} 0 R /ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]"
    for number, content in sorted(objects.items()):
        places[number] = len(body)
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(body)
    body += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{place:010} 00000 n \n".encode() for _, place in sorted(places.items()))
    return bytes(body + f"trailer << {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())


def encryption(password: str, owner: bytes) -> bytes:
    user = hashlib.sha256(password.encode()).digest()
    return (
        f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <{owner.hex()}> /U <{user.hex()}> >>"
    ).encode()
