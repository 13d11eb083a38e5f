"""The letters of a printed PDF as they were written, so that Chinese can be searched and copied.

In the usual fonts one glyph draws both a character and the radical that looks like it, and Chromium notes the radical, since
its code is the lower one: what is copied out of its PDFs says ⽣ (U+2F63) for 生 (U+751F), and a search for 生 finds nothing.
The tables that say which letter a glyph stands for are written again at the end of the file, as the format provides for
changes; everything before them stays as it is.
"""

from __future__ import annotations

import re
import zlib
from unicodedata import normalize

# Unicode gives the radicals of Kangxi's dictionary (U+2F00 to U+2FD5) as equal to characters, those of its supplement
# not; these are the ones that fonts draw alike.
SUPPLEMENT = dict(
    zip(
        "⺁⺅⺉⺐⺒⺓⺖⺘⺙⺛⺟⺠⺡⺣⺨⺪⺭⺮⺰⺹⺾⻁⻂⻄⻅⻈⻉⻋⻌⻏⻐⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻯⻰⻲⻳",
        "厂亻刂尢巳幺忄扌攵旡母民氵灬犭疋礻竹纟耂艹虎衤西见讠贝车辶阝钅镸长门阝雨青韦页风飞食飠马骨鬼鱼鸟卤麦黄黾齐齿竜龙亀龟",
        strict=True,
    )
)
FIRST, LAST = 0x2E80, 0x2FD5

STREAM = re.compile(rb"\n(\d+) 0 obj\n<</Filter /FlateDecode\n/Length (\d+)>> stream\n")
LETTERS = re.compile(r"^<(\w+)>(?: <(\w+)>)? <(\w{4})>$", re.MULTILINE)
END = re.compile(rb"trailer\n<<(/Size \d+[^>]*)>>\nstartxref\n(\d+)\n%%EOF\s*\Z")


def legible(pdf: bytes) -> bytes:
    """The PDF with characters in place of radicals; one that is not as Chromium writes it is returned as it is."""
    end = END.search(pdf)
    if not end:
        return pdf
    added, places = bytearray(b"\n"), []
    for stream in STREAM.finditer(pdf):
        content = _inflated(pdf[stream.end() : stream.end() + int(stream[2])])
        if not content.startswith(b"/CIDInit"):
            continue
        told = content.decode("latin-1")
        mended = LETTERS.sub(_letters, told)
        if mended != told:
            packed = zlib.compress(mended.encode("latin-1"), 9)
            places.append((stream[1], len(pdf) + len(added)))
            added += b"%b 0 obj\n<</Filter /FlateDecode\n/Length %d>> stream\n" % (stream[1], len(packed))
            added += packed + b"\nendstream\nendobj\n"
    if not places:
        return pdf
    start = len(pdf) + len(added)
    added += b"xref\n0 1\n0000000000 65535 f \n" + b"".join(
        b"%b 1\n%010d 00000 n \n" % place for place in places
    )
    added += b"trailer\n<<%b\n/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (end[1], end[2], start)
    return pdf + bytes(added)


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return b""


def _letters(line: re.Match[str]) -> str:
    """A line that gives one glyph its letter, or glyphs that follow each other letters that do."""
    first, last, letter = line.groups()
    count = int(last, 16) - int(first, 16) + 1 if last else 1
    codes = range(int(letter, 16), int(letter, 16) + count)
    if not any(FIRST <= code <= LAST for code in codes):
        return line[0]
    named = [f"<{ord(_character(code)):04X}>" for code in codes]
    return f"<{first}> <{last}> [{' '.join(named)}]" if last else f"<{first}> {named[0]}"


def _character(code: int) -> str:
    letter = chr(code)
    if FIRST <= code <= LAST:
        return SUPPLEMENT.get(letter) or normalize("NFKC", letter)
    return letter
