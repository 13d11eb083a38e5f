"""Why a notebook does not become a page. Every message names the display or cell, and what to do."""

from __future__ import annotations


class PageError(ValueError):
    """The notebook cannot be shown as a page."""


class WrongShape(PageError):
    """A display is not of the form that the seam between notebook and page asks for."""


class UntraceableNumber(PageError):
    """A row names an observation of which the page holds no entry among its sources."""


class NoData(PageError):
    """A page that holds no data, or none that can be read."""
