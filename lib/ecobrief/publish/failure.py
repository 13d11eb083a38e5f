"""The page in the place of a brief that could not be made: what was tried, and what went wrong."""

from __future__ import annotations

from ecobrief.publish.job import Failed
from ecobrief.publish.template import document, environment, lean, policy, static
from ecobrief.wording import msg, say


def page(failed: Failed, index: str, notebook_kept: bool) -> str:
    """The HTML of the page, in the language of the brief.

    index: file name of the page over all pages
    notebook_kept: whether the executed notebook lies beside the page
    """
    job = failed.job
    return lean(
        environment()
        .get_template("failed.html.j2")
        .render(
            **document(job.lang),
            title=say(msg("{file} could not be built", file=job.file), job.lang),
            style=static("brief.css"),
            policy=policy(scripts=[]),
            failed=failed,
            job=job,
            index=index,
            notebook_kept=notebook_kept,
        )
    )
