"""The page as a format of nbconvert: `jupyter nbconvert --to ecobrief out.ipynb --BriefExporter.lang=en`."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Enum, default

from ecobrief.publish.display import MIME
from ecobrief.publish.page import render
from ecobrief.wording import LANGS


class BriefExporter(Exporter):
    """Writes an executed notebook as a brief; without `lang` in the language of its displays."""

    export_from_notebook = "Eco-policy brief"
    output_mimetype = "text/html"

    lang = Enum(LANGS, default_value=None, allow_none=True, help="Language of the page: zh or en.").tag(
        config=True
    )

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]  # the base class returns the notebook itself
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, Any]:
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return render(notebook, self.lang or _language(notebook)).html, resources


def _language(notebook: NotebookNode) -> Any:
    """The language of the first display, since a page holds displays of one language only."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            payload = output.get("data", {}).get(MIME)
            if isinstance(payload, dict):
                return payload.get("lang")
    return LANGS[0]
