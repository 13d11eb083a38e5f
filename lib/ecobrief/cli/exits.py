"""How a command ends."""

from __future__ import annotations

import click

DONE, FAULTS, USAGE = 0, 1, 2
"""Exit status: done; the input or the data has faults, or something else went wrong; wrong usage."""


class WrongUsage(click.ClickException):
    """An argument that is not valid: one line that names the valid ones."""

    exit_code = USAGE
