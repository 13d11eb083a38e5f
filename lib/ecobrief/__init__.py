"""ecobrief: the eco-policy record of Chinese cities, from what their governments publish.

    >>> import ecobrief
    >>> ecobrief.readings(["forest_cover"])        # a tidy frame, one row a printed figure

The columns are described in `ecobrief.compare.CODE_BOOK`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def readings(
    indicators: Sequence[str] | None = None,
    places: Sequence[str] | None = None,
    *,
    data: Path | str | None = None,
    **filters: Any,
) -> pd.DataFrame:
    """Readings of the data package in `data` (default: found as the notebooks find it), for people who script.

    Args, columns and filters (status, period, min_tier, include_undated) are those of `ecobrief.compare.readings`.

    Raises:
        ecobrief.datapackage.NoDataPackage, ecobrief.datapackage.DataFaults
    """
    # Imported here so that `import ecobrief` costs nothing to those who want something else.
    from ecobrief import compare, datapackage

    return compare.readings(datapackage.load(data), indicators, places, **filters)
