"""manifest.json: what a build was made from and what it holds. Sorted keys, no times."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from ecobrief.publish.job import Done, Failed, Job

MANIFEST = "manifest.json"


def manifest(
    data: Mapping[str, Any], version: str, notebooks: Mapping[str, str], outcomes: Iterable[Done | Failed]
) -> dict[str, Any]:
    """The manifest as a plain object; briefs stand in the order in which they were asked for.

    data: version, cut_off and tables (file name: sha256) of the data package
    version: of ecobrief
    notebooks: sha256 by file name
    """
    outcomes = list(outcomes)
    return {
        "data": data,
        "ecobrief": version,
        "briefs": [
            {
                **_asked(done.job),
                "notebook_sha256": notebooks[done.job.notebook.name],
                "title": done.title,
                "charts": done.charts,
                "observations": list(done.observations),
                "metrics": [dict(metric) for metric in done.metrics],
                "sha256": done.sha256,
            }
            for done in outcomes
            if isinstance(done, Done)
        ],
        "failed": [
            {
                **_asked(failed.job),
                "cell": failed.cell,
                "source": failed.source,
                "error": failed.error,
                "message": failed.message,
            }
            for failed in outcomes
            if isinstance(failed, Failed)
        ],
    }


def text(manifest: Mapping[str, Any]) -> str:
    """The manifest as it is written."""
    return "".join(parts(manifest))


def parts(manifest: Mapping[str, Any]) -> Iterator[str]:
    """The same in parts: that of thousands of briefs takes many times its own size in memory before it is one text."""
    tokens = json.JSONEncoder(ensure_ascii=False, indent=1, sort_keys=True).iterencode(manifest)
    while part := "".join(islice(tokens, 10_000)):
        yield part
    yield "\n"


def _asked(job: Job) -> dict[str, Any]:
    return {
        "file": job.file,
        "notebook": job.notebook.name,
        "parameters": dict(job.parameters),
        "lang": job.lang,
    }
