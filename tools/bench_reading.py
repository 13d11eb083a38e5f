"""Reading beside what one would use instead: precision, recall and characters per second on annotated texts.

    pip install --target DIR -r tools/bench_reading_requirements.txt
    python tools/bench_reading.py --recognizers DIR [--examples ../shared/reading_examples] [--rounds 5]

The ways:

  ecobrief       `ecobrief.extraction.candidates`
  recognizers    Microsoft's recognizers-text for Chinese: numbers with units, money and percentages, each given to the
                 name of an indicator nearest before it; days are its numbers with 天 after them
  regex list     one pattern for each indicator: name, a few characters, number, unit

The last two take the last year printed before a figure, and a figure after 下降, 提高 and the like as a change. The names they
look for are plain words, written for them here. Without --recognizers that way is left out. The scores are those of score.py
beside the texts; speed is the best of the rounds, each over all texts, after one reading that warms up.
"""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ecobrief.extraction.candidates import Candidate, candidates

ROOT = Path(__file__).resolve().parents[1]
Way = Callable[[str, str], list[Candidate]]
NAMES = {
    "good_air_day_ratio": ("优良天数比例|优良率|优良天数比率|达标天数比例", "%"),
    "good_air_days": ("优良天数|达标天数|二级以上的?天数", "天"),
    "pm25_annual_mean": ("PM2.5年?平?均?浓度|PM2.5", "微克/立方米"),
    "forest_cover": ("森林覆盖率", "%"),
    "forest_area": ("森林面积", "亩公顷"),
    "forest_stock_volume": ("森林蓄积量?", "立方米"),
    "drinking_source_compliance": ("水源地?的?水质达标率|水源地?达标率", "%"),
    "water_sections_bad_ratio": ("劣Ⅴ类", "%"),
    "water_sections_good_ratio": ("水质优良率|优良水体比例|水质优良比例|Ⅰ[-—~～至]Ⅲ类|Ⅲ类", "%"),
    "water_sections_compliance_ratio": ("水质达标率|断面达标率", "%"),
    "eco_redline_share": ("占.{0,4}国土.{0,2}面积的?", "%"),
    "eco_redline_area": ("生态保护红线|生态红线", "公里公顷"),
    "afforestation_area": ("造林|营造林", "亩公顷"),
    "erosion_control_area": ("水土流失.{0,2}治理面积|治理水土流失", "亩公顷公里"),
    "investment": ("投资|投入|资金", "元"),
}
NUMBER = r"\d+(?:\.\d+)?"
YEAR = re.compile(r"((?:19|20)\d\d)年")
CHANGED = re.compile(r"(提高|上升|增加|增长|多)了?$|(下降|降低|减少|少)了?$")
NAME = re.compile("|".join(f"(?P<{indicator}>{names})" for indicator, (names, _) in NAMES.items()))
NEAR = 30


@dataclass(frozen=True)
class Result:
    """Strict precision and recall in [0, 1]; characters per second."""

    way: str
    precision: float
    recall: float
    speed: float


def proposal(
    document: str, text: str, indicator: str, value: str, unit: str, start: int, end: int
) -> Candidate:
    """A figure as the simple ways propose it."""
    years = YEAR.findall(text, 0, start)
    changed = CHANGED.search(text[max(0, start - 4) : start])
    sign = "-" if changed and changed[2] else ""
    kind = "change" if changed or unit == "百分点" else "observed"
    year = years[-1] if years else ""
    return Candidate(
        document, indicator, sign + value, unit, year, kind, "", "exact", text[start:end], start, end, 1.0, ""
    )


def nearest(text: str, start: int, unit: str) -> str:
    """The indicator of this unit that is named last within a few characters before a figure."""
    found = [
        match.lastgroup or ""
        for match in NAME.finditer(text, max(0, start - NEAR), start)
        if unit[-1:] in NAMES[match.lastgroup or ""][1] or unit == "百分点"
    ]
    return found[-1] if found else ""


def with_regexes(text: str, document: str) -> list[Candidate]:
    unit = r"(?P<unit>%|％|天|微克/立方米|个?百分点|[万亿千]*(?:亩|公顷|平方公里|立方米|元))"
    found = []
    for match in re.finditer(rf"(?P<value>{NUMBER})\s?{unit}", text):
        printed = match["unit"].removeprefix("个").replace("％", "%")
        if indicator := nearest(text, match.start(), printed):
            found.append(proposal(document, text, indicator, match["value"], printed, *match.span()))
    return found


def with_recognizers(folder: Path) -> Way:
    sys.path.insert(0, str(folder))
    from recognizers_number import NumberRecognizer
    from recognizers_number_with_unit import NumberWithUnitRecognizer
    from recognizers_text import Culture

    numbers, units = NumberRecognizer(Culture.Chinese), NumberWithUnitRecognizer(Culture.Chinese)
    models = (units.get_dimension_model(), units.get_currency_model(), numbers.get_percentage_model())
    days = numbers.get_number_model()

    def spans(text: str) -> Iterator[tuple[int, int]]:
        for model in models:
            yield from ((found.start, found.end + 1) for found in model.parse(text))
        for found in days.parse(text):
            if text[found.end + 1 : found.end + 2] == "天":
                yield found.start, found.end + 2

    def read(text: str, document: str) -> list[Candidate]:
        found = []
        for start, end in sorted(spans(text)):
            printed = re.match(rf"(?P<value>{NUMBER})\s?(?P<unit>.*)", text[start:end])
            if printed and (indicator := nearest(text, start, printed["unit"].replace("％", "%"))):
                found.append(
                    proposal(document, text, indicator, printed["value"], printed["unit"], start, end)
                )
        return found

    return read


def score(found: list[Candidate], examples: Path) -> tuple[float, float]:
    """Strict precision and recall as the script beside the texts prints them."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "candidates.csv"
        with table.open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, [field.name for field in fields(Candidate)])
            rows.writeheader()
            rows.writerows(map(asdict, found))
        said = subprocess.run(
            [sys.executable, str(examples / "score.py"), str(table)],
            capture_output=True,
            text=True,
            check=True,
        )
    _, _, precision, _, recall = said.stdout.splitlines()[-1].split()
    return float(precision), float(recall)


def measured(name: str, way: Way, texts: dict[str, str], examples: Path, rounds: int) -> Result:
    found = [one for document, text in texts.items() for one in way(text, document)]
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        for document, text in texts.items():
            way(text, document)
        best = min(best, time.process_time() - started)
    return Result(name, *score(found, examples), sum(map(len, texts.values())) / best)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=Path, default=ROOT.parent / "shared" / "reading_examples")
    parser.add_argument(
        "--recognizers", type=Path, help="folder with the packages of bench_reading_requirements.txt"
    )
    parser.add_argument("--rounds", type=int, default=5)
    asked: Any = parser.parse_args()
    texts = {path.name: path.read_bytes().decode("utf-8") for path in sorted(asked.examples.glob("*.txt"))}
    if not texts:
        parser.error(f"no texts in {asked.examples}: give --examples DIR with texts, gold.csv and score.py")
    ways: dict[str, Way] = {"ecobrief": lambda text, document: candidates(text, document=document)}
    if asked.recognizers:
        ways["recognizers"] = with_recognizers(asked.recognizers)
    ways["regex list"] = with_regexes
    results = [measured(name, way, texts, asked.examples, asked.rounds) for name, way in ways.items()]
    print("| way | strict precision | strict recall | characters per second |")
    print("| --- | ---: | ---: | ---: |")
    for result in results:
        print(f"| {result.way} | {result.precision:.3f} | {result.recall:.3f} | {result.speed:,.0f} |")


if __name__ == "__main__":
    main()
