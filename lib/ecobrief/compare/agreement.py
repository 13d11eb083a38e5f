"""How far two coders of the same texts agree: Krippendorff's alpha.

alpha = 1 − D_o / D_e, the disagreement observed within the units over that expected if the codes were dealt out at random;
K. Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011), for two observers without missing codes. Single codes
differ or do not (nominal); sets of codes differ by MASI, the Jaccard distance weighted by how far one set holds the other
(R. Passonneau, *Measuring Agreement on Set-valued Items*, LREC 2006).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pandas as pd

from ecobrief.compare.frames import as_frame
from ecobrief.datapackage import DataPackage

SINGLE = ("kind", "primary_type", "legal_force", "level", "stage")
SETS = ("target_group", "themes")
LEAST = 0.67
"""Below this a dimension is not charted: Krippendorff, *Content Analysis* (4th ed. 2018), the lowest bound for tentative
conclusions."""


def alpha(pairs: Sequence[tuple[str, str]], distance: Callable[[str, str], float]) -> float:
    """Krippendorff's alpha of units coded twice; 1 where all codes are the same, for want of any disagreement.

    Raises:
        ValueError: no unit is given.
    """
    if not pairs:
        raise ValueError("alpha needs at least one unit that was coded twice")
    codes = Counter(code for pair in pairs for code in pair)
    many = codes.total()
    observed = sum(times * distance(*pair) for pair, times in Counter(pairs).items()) / len(pairs)
    expected = sum(
        codes[one] * codes[other] * distance(one, other) for one, other in product(codes, repeat=2)
    ) / (many * (many - 1))
    return 1 - observed / expected if expected else 1.0


def nominal(one: str, other: str) -> float:
    return float(one != other)


def masi(one: str, other: str) -> float:
    """The distance of two sets of codes, each written with semicolons."""
    ours, theirs = set(one.split(";")), set(other.split(";"))
    common, both = ours & theirs, ours | theirs
    monotonicity = 1.0 if ours == theirs else 2 / 3 if common in (ours, theirs) else 1 / 3 if common else 0.0
    return 1 - len(common) / len(both) * monotonicity


def reliability(package: DataPackage) -> pd.DataFrame:
    """For each dimension of the code book: alpha and the number of policies that two coders coded.

    What only instruments have is compared where both coders saw an instrument.

    Returns:
        Columns dimension, alpha, units, charted.
    """
    rows = package.across("reliability of the coding", "", lambda: {"": _reliability(package)})
    return as_frame(rows, {"dimension": object, "alpha": float, "units": np.int64, "charted": bool})


def _reliability(package: DataPackage) -> list[tuple[str, float, int, bool]]:
    twice = package["policies"].merge(package["second_codings"], on="policy_id", suffixes=("", "_second"))
    both = (twice["kind"] == "instrument") & (twice["kind_second"] == "instrument")
    rows = []
    for dimension in (*SINGLE, *SETS):
        coded = twice if dimension == "kind" else twice[both]
        pairs = list(zip(coded[dimension], coded[f"{dimension}_second"], strict=True))
        value = alpha(pairs, masi if dimension in SETS else nominal) if pairs else 0.0
        rows.append((dimension, value, len(pairs), value >= LEAST))
    return rows
