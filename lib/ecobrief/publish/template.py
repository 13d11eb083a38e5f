"""What every page shares: the Jinja environment, the policy on what may run, the words and styles of the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

import minify_html
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ecobrief.publish.plotlyjs import Bundle, bundle, source_hash
from ecobrief.wording import Lang, msg, say

HTML_LANG: dict[Lang, str] = {"zh": "zh-CN", "en": "en"}
# Each in its own tongue, for readers who cannot read the other.
LANG_NAMES: dict[Lang, str] = {"zh": "中文", "en": "English"}


@cache
def environment() -> Environment:
    """The Jinja environment of all pages. An unknown name in a template is an error, never an empty place."""
    found = Environment(
        loader=PackageLoader("ecobrief.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # A template is a file of the package; none is looked up again for a change.
        auto_reload=False,
    )
    found.policies["json.dumps_kwargs"] = {
        "sort_keys": True,
        "ensure_ascii": False,
        "allow_nan": False,
        "separators": (",", ":"),
    }
    found.tests["web_address"] = lambda text: text.startswith(("http://", "https://"))
    found.tests["chinese"] = lambda text: any("\u3400" <= letter <= "\u9fff" for letter in text)
    return found


@cache
def static(name: str) -> Markup:
    """A style sheet or script of the package without its comments, to stand inside its element as it is."""
    text = resources.files("ecobrief.publish").joinpath("static", name).read_text("utf-8")
    kind = {"css": "style", "js": "script"}[name.rpartition(".")[2]]
    if kind == "script":  # its comments stand on lines of their own; the minifier keeps them
        text = re.sub(r"^\s*//.*\n", "", text, flags=re.MULTILINE)
    lean = minify_html.minify(f"<{kind}>{text}</{kind}>", minify_css=True, minify_js=True)
    return Markup(lean.removeprefix(f"<{kind}>").removesuffix(f"</{kind}>"))


@cache
def packed_plotly() -> Markup:
    """plotly.js as a page carries it. It is base64: half a megabyte in which no sign needs escaping on any page."""
    return Markup(bundle().packed)


def warm() -> None:
    """Compile the templates, shorten styles and script, and pack plotly.js, so that no page has to."""
    for name in environment().list_templates():
        environment().get_template(name)
    for name in ("brief.css", "brief.js"):
        static(name)
    packed_plotly()


def lean(html: str) -> str:
    """The same page in fewer bytes: no space, quote or end tag that a browser does without.

    Scripts and styles stay as they are: `static` has shortened them, and the policy names scripts by their hash.
    """
    return minify_html.minify(html, minify_css=False, minify_js=False, keep_html_and_head_opening_tags=True)


def policy(scripts: Iterable[Markup | Bundle]) -> Markup:
    """The Content-Security-Policy of a page: nothing is fetched, and only `scripts` run, and what they load."""
    hashes = [
        script.source_hash if isinstance(script, Bundle) else source_hash(script.encode("utf-8"))
        for script in scripts
    ]
    allowed = " ".join(f"'{known}'" for known in hashes)
    # Base64 and keywords only: the single quotes of the policy may stand in its attribute as they are.
    return Markup(
        "; ".join(
            [
                "default-src 'none'",
                f"script-src {allowed} 'strict-dynamic'" if hashes else "script-src 'none'",
                "style-src 'unsafe-inline'",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        )
    )


def document(lang: Lang) -> dict[str, Any]:
    """What `base.html.j2` needs whatever the page: language and words."""

    def in_language(words: str, **values: Any) -> str:
        return say(msg(words, **values), lang)

    return {"_": in_language, "lang": lang, "html_lang": HTML_LANG, "lang_names": LANG_NAMES}
