"""A made-up data package of any size, for tests and benchmarks: no city, document or number in it exists.

    python tools/synthetic.py OUT                                 300 cities, 10 years, 24 figures a city and year
    python tools/synthetic.py OUT --cities 2500 --observations 1000000
    python tools/synthetic.py OUT --cities 4 --documents DIR      and the texts, so that `ecobrief verify` finds every span

All tables of data/ are written, sorted as `datapackage.save` sorts them. The schema and what tells of no city (indicators,
definitions, instruments, frameworks) are those of data/; all else is invented and says so: 合成市0001 (Synthetic City 0001),
sources that are called synthetic, addresses under .invalid, a data version that begins with 0.0.0-synthetic. As in real texts,
figures are repeated, contradict one another, are approximate, undated or only worded; one city in fifty has none at all.
The bytes follow from the arguments and `--seed` alone.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).resolve().parents[1] / "data"
NAME = "ecobrief-synthetic"
TAKEN_OVER = ("indicators", "definitions", "instruments", "frameworks")
LAST_YEAR, ENTERED = 2024, "2025-06-30"
NOTE = {"note_zh": "合成数据，并非真实。", "note_en": "Synthetic data: nothing of this is real."}
SILENT = 50
"""Of so many cities one has no figures."""
ARCHIVE = "synthetic_archive"


class Sort(NamedTuple):
    """What a text prints of a year: the indicator, how it is named, and what it is counted by."""

    indicator: str
    label: str
    unit: str
    defined: str = ""
    network: str = "not_applicable"
    denominator: str = "not_applicable"


AIR, WATER = "state_urban_sites", "state_sections"
LEVELS = (
    Sort("good_air_day_ratio", "优良天数比例", "%", "air", AIR, "valid_days"),
    Sort("good_air_days", "优良天数", "天", "air", AIR),
    Sort("pm25_annual_mean", "细颗粒物年均浓度", "微克/立方米", "air", AIR),
    Sort("forest_cover", "森林覆盖率", "%", "forest", denominator="land_area"),
    Sort("forest_area", "森林面积", "平方公里", "forest"),
    Sort("land_area", "土地面积", "平方公里"),
    Sort("water_sections_good_ratio", "优良断面比例", "%", "water", WATER, "sections"),
    Sort("water_sections_count", "断面", "个", "water", WATER),
    Sort("water_sections_good_count", "优良断面", "个", "water", WATER),
    Sort("eco_redline_area", "生态保护红线面积", "平方公里", "redline"),
    Sort("eco_redline_share", "生态保护红线占比", "%", "redline", denominator="land_area"),
    Sort("drinking_source_compliance", "水源地达标率", "%", "", "prefecture_sources", "sources"),
    Sort("investment", "投入", "万元"),
    Sort("afforestation_area", "造林", "万亩"),
    Sort("forest_stock_volume", "森林蓄积量", "万立方米", "forest"),
    Sort("water_sections_compliance_ratio", "断面达标率", "%", "water", WATER, "sections"),
    Sort("water_sections_bad_ratio", "劣Ⅴ类断面比例", "%", "water", WATER, "sections"),
    Sort("heavy_pollution_days", "重污染天数", "天", "air", AIR),
    Sort("erosion_control_area", "水土流失治理", "平方公里"),
    Sort("total_population", "总人口", "万人"),
)
"""Of the whole city, the most usual first; what is printed beyond these is of its counties."""
SHARES = tuple(sort for sort in LEVELS if sort.unit == "%")
AREAS = ("forest_area", "land_area", "eco_redline_area", "investment", "afforestation_area")
TURN = 20
TARGET, REPETITION, CONFLICT, CHANGE, RANK = SPECIAL = (9, 13, 16, 17, 19)
"""The places among each twenty figures of a city and year that hold no level."""
IDENTITIES = (
    ("days_and_ratio", "days = {good_air_days}; ratio = {good_air_day_ratio}"),
    ("share_of_total", "share = {forest_cover}; part = {forest_area}; total = {land_area}"),
    ("order", "lower = {forest_area}; higher = {land_area}"),
    (
        "ratio",
        "result = {water_sections_good_ratio}; numerator = {water_sections_good_count}; "
        "denominator = {water_sections_count}",
    ),
    ("whole_numbers", "shares = {water_sections_good_ratio}; total = {water_sections_count}"),
    ("share_of_total", "share = {eco_redline_share}; part = {eco_redline_area}; total = {land_area}"),
)
PAPERS = {
    "bulletin": ("bulletin", "合成公报", "Synthetic bulletin", "official_bulletin"),
    "page": ("press_report", "合成报道", "Synthetic press report", "state_media"),
    "plan": ("plan", "合成规划", "Synthetic plan", "official_document"),
}
"""Kinds of source with type, Chinese and English name, and tier; of a page no text is held."""
TYPES = ("regulatory", "economic", "planning", "organisational", "information_education", "voluntary")
THEMES = ("air", "biodiversity", "forest", "governance", "mining", "soil", "water")


class Tables:
    """The files of the package. Rows are gathered until `write`, which sorts them by key; so a city is written at a time."""

    def __init__(self, folder: Path, descriptor: dict[str, Any], stack: ExitStack):
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self._form: dict[str, tuple[list[str], list[str], Any]] = {}
        for resource in descriptor["resources"]:
            name, schema = resource["name"], resource["schema"]
            if name in TAKEN_OVER:
                continue
            file = stack.enter_context((folder / resource["path"]).open("w", encoding="utf-8", newline=""))
            columns = [each["name"] for each in schema["fields"]]
            self._form[name] = (columns, schema["primaryKey"], csv.writer(file, lineterminator="\n"))
            self._form[name][2].writerow(columns)
            self.rows[name] = []

    def add(self, table: str, **cells: Any) -> None:
        self.rows[table].append(cells)

    def write(self) -> None:
        for table, rows in self.rows.items():
            columns, key, writer = self._form[table]
            rows.sort(key=lambda row: [row[column] for column in key])
            writer.writerows([row.get(column, "") for column in columns] for row in rows)
            rows.clear()


class Source:
    """A made-up text while it is written; of a page there is none."""

    def __init__(self, source_id: str, kind: str, year: int, name: str):
        self.source_id, self.kind, self.year, self.name = source_id, kind, year, name
        self.held = kind != "page"
        self.stated: set[str] = set()
        self._parts: list[str] = []
        self._length = 0
        self._numbers: dict[str, int] = {}
        self.dated = self.says("【合成文本，并非真实】", f"{year}年", f"{name}：")[1]

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def says(self, *words: str) -> list[dict[str, Any]]:
        """Put the words down one after the other; for each the cells that tell where it stands."""
        spans = []
        for word in words:
            start, self._length = self._length, self._length + len(word)
            self._parts.append(word)
            spans.append({"evidence": word, **({"start": start, "end": self._length} if self.held else {})})
        return spans

    def next_id(self, kind: str = "", digits: int = 3) -> str:
        """The next free identifier of a kind: source.001 for figures, source.p001 for policies."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{self.source_id}.{kind}{self._numbers[kind]:0{digits}d}"


class Level(NamedTuple):
    """A figure that was printed with an exact number."""

    sort: Sort
    value: str
    observation_id: str
    county: str


class Author:
    """Writes what is printed of one place: a city, a province or the country."""

    def __init__(self, tables: Tables, table: str, place_id: str, prefix: str, name: str, seed: int):
        self.tables, self.table, self.place_id, self.prefix, self.name = tables, table, place_id, prefix, name
        self.draw = random.Random(f"{seed}:{prefix}").random
        self.sources: dict[str, Source] = {}
        self.digits = 3
        self.land = 2000 + int(self.draw() * 18000)
        self.cover = 20 + self.draw() * 50
        self.good_days = 230 + self.draw() * 100
        self.sections = 4 + int(self.draw() * 36)
        self.redline = 10 + self.draw() * 30
        # Three places in five state all that decides whether their figures may be compared.
        self.outspoken = table == "benchmarks" or self.draw() < 0.6

    def any_of(self, choices: Sequence[str]) -> str:
        return choices[int(self.draw() * len(choices))]

    def source(self, kind: str, year: int) -> Source:
        source_id = f"{self.prefix}_{kind}_{year}"
        if source_id not in self.sources:
            self.sources[source_id] = Source(source_id, kind, year, self.name)
        return self.sources[source_id]

    def values(self, year: int) -> dict[str, str]:
        """What every level of the whole place is in a year, by indicator."""
        age, draw = year - LAST_YEAR, self.draw
        days = min(364, max(120, int(self.good_days + 3 * age + 16 * draw())))
        cover = max(1.0, self.cover + 0.3 * age)
        good = int(self.sections * (0.6 + 0.4 * draw()) + 0.5)
        bad = min(int(draw() * 1.4), self.sections - good)
        return {
            "good_air_days": f"{days}",
            "good_air_day_ratio": f"{100 * days / (365 + (year % 4 == 0)):.1f}",
            "heavy_pollution_days": f"{int(draw() * 9)}",
            "pm25_annual_mean": f"{24 - 1.2 * age + 12 * draw():.1f}",
            "forest_cover": f"{cover:.2f}",
            "forest_area": f"{cover * self.land / 100:.1f}",
            "forest_stock_volume": f"{cover * self.land * 0.6:.1f}",
            "land_area": f"{self.land}",
            "water_sections_count": f"{self.sections}",
            "water_sections_good_count": f"{good}",
            "water_sections_good_ratio": f"{100 * good / self.sections:.1f}",
            "water_sections_bad_ratio": f"{100 * bad / self.sections:.1f}",
            "water_sections_compliance_ratio": f"{80 + 19 * draw():.1f}",
            "drinking_source_compliance": "100" if draw() < 0.8 else f"{92 + 7 * draw():.1f}",
            "eco_redline_area": f"{self.redline * self.land / 100:.0f}",
            "eco_redline_share": f"{self.redline:.1f}",
            "afforestation_area": f"{2 + 20 * draw():.1f}",
            "erosion_control_area": f"{5 + 120 * draw():.0f}",
            "investment": f"{500 + 90000 * draw():.0f}",
            "total_population": f"{self.land * 0.02 + 0.4 * age + 60:.1f}",
        }

    def figure(self, source: Source, sort: Sort, number: str, year: int, **cells: Any) -> str:
        """One figure, with the contexts of a held text; its identifier."""
        observation_id = source.next_id(digits=self.digits)
        adjusted = sort.defined in ("air", "water")
        row = {
            "status": "observed",
            "measure": "level",
            "period": str(year),
            "period_basis": "printed" if source.held else "inferred",
            "value": number,
            "unit": sort.unit,
            "qualifier": "exact",
            "network": sort.network,
            "denominator": sort.denominator,
            "adjustment": "raw" if adjusted else "not_applicable",
            "definition_version": definition(sort.defined, year),
        }
        if not self.outspoken and adjusted:
            row |= {"network": "not_stated", "adjustment": "none_stated"}
        elif not self.outspoken and sort.defined == "forest":
            row["definition_version"] = "not_stated"
        row |= cells
        before = {"about": "约", "at_least": "不低于"}.get(row["qualifier"], "")
        words = row.get("value_text") or before + row["value"] + row["unit"]
        place, label, evidence, _ = source.says(row.get("place") or self.name, sort.label, words, "。")
        self.tables.add(
            self.table,
            observation_id=observation_id,
            indicator_id=sort.indicator,
            source_id=source.source_id,
            **{"place_id" if self.table == "benchmarks" else "city_id": self.place_id},
            **row,
            **evidence,
        )
        if source.held:
            self.tables.add("contexts", observation_id=observation_id, role="label", **label)
            if row["period_basis"] == "printed":
                self.tables.add("contexts", observation_id=observation_id, role="period", **source.dated)
            if row.get("place"):
                self.tables.add("contexts", observation_id=observation_id, role="place", **place)
        source.stated.add(sort.indicator)
        return observation_id

    def target(self, plan: Source, sort: Sort, value: str, baseline: str = "", place: str = "") -> str:
        """A share to be reached by the end of the plan."""
        raised = f"{min(99.9, float(value) + 2 * self.draw()):.1f}"
        cells = {"status": "target", "period_basis": "heading", "qualifier": "at_least", "place": place}
        observation_id = self.figure(plan, sort, raised, plan.year + 5, **cells)
        self.tables.add(
            "targets",
            observation_id=observation_id,
            target_type=self.any_of(("binding", "expected", "not_stated")),
            target_form=self.any_of(("reach", "reach", "reach", "maintain")),
            baseline_observation_id=baseline,
        )
        return observation_id

    def benchmarks(self, years: range) -> None:
        for year in years:
            values = self.values(year)
            for sort in SHARES:
                self.figure(self.source("bulletin", year), sort, values[sort.indicator], year)
            if year % 5 == 0:
                for sort in SHARES:
                    self.target(self.source("plan", year), sort, values[sort.indicator])

    def close(self, documents: Path | None) -> None:
        """Enter the sources, now that their texts are whole."""
        for source in self.sources.values():
            kind, zh, en, tier = PAPERS[source.kind]
            row: dict[str, Any] = {"kind": kind, "tier": tier, "publisher": "合成数据 synthetic data", **NOTE}
            if source.held:
                text = source.text
                digest = hashlib.sha256(text.encode()).hexdigest()
                row |= {"file_sha256": digest, "text_sha256": digest, "text_length": len(text)}
                if documents:
                    (documents / f"{source.source_id}.txt").write_text(text, encoding="utf-8", newline="")
            else:
                seen = "third_party_copy" if source.year % 3 else "publisher"
                row |= {"url": f"https://synthetic.invalid/{source.source_id}", "seen_on": seen}
            self.tables.add(
                "sources",
                source_id=source.source_id,
                title=f"{zh}（{source.name}，{source.year}）",
                label_zh=f"{zh}，{source.year}",
                label_en=f"{en}, {source.year}",
                published=f"{source.year + (kind != 'plan')}-03",
                stage="final" if kind == "bulletin" else "",
                retrieved=ENTERED,
                **row,
            )


class City(Author):
    """Writes a city with its counties, policies, projects and zones."""

    def __init__(self, tables: Tables, city: str, name: str, province: str, peers: int, seed: int):
        super().__init__(tables, "observations", city, city, name, seed)
        self.province, self.peers = province, peers
        self.targets: list[str] = []
        self.measures: list[str] = []
        self.works = 0

    def year(self, year: int, figures: int, instruments: Sequence[str]) -> None:
        """So many figures of one year, and what goes with them."""
        self.digits = max(3, len(str(5 * figures)))
        bulletin, page, plan = (
            self.source("bulletin", year),
            self.source("page", year),
            self.source("plan", year - year % 5),
        )
        values = self.values(year)
        exact: list[Level] = []
        facts: list[str] = []
        levels = 0
        for number in range(figures):
            turn, kind = divmod(number, TURN)
            place = county(turn)
            share = SHARES[(year + turn) % len(SHARES)]
            if kind == TARGET:
                baseline = next((each.observation_id for each in exact if each[0] == share), "")
                self.targets.append(self.target(plan, share, values[share.indicator], baseline, place))
            elif kind == REPETITION:
                first = exact[(year + turn) % len(exact)]
                self.figure(page, first.sort, first.value, year, place=first.county, repeats=first[2])
            elif kind == CONFLICT:
                first = exact[(year + 7 * turn) % len(exact)]
                other = self.figure(page, first.sort, other_digit(first.value), year, place=first.county)
                facts.append(f"first = {first.observation_id}; second = {other}")
            elif kind == CHANGE:
                self.change(bulletin, share, year, place)
            elif kind == RANK:
                self.rank(bulletin, share, year, place)
            else:
                part, which = divmod(levels, len(LEVELS))
                sort, levels = LEVELS[which], levels + 1
                value = values[sort.indicator] if not part else self.of_county(values[sort.indicator])
                printed = self.level(bulletin, sort, value, year, county(part), plain=levels == 1)
                exact.extend([printed] if printed else [])
        portion = round(figures / TURN)
        self.arithmetic(exact, facts, year, portion)
        for _ in range(portion):
            self.policy(plan, self.any_of(instruments))
        for _ in range((portion + 1) // 2):
            self.project(plan)

    def of_county(self, value: str) -> str:
        """A value for a county, below that of the city; whole numbers stay whole."""
        part = float(value) * (0.3 + 0.6 * self.draw())
        return f"{part:.0f}" if value.isdigit() else f"{part:.1f}"

    def level(
        self, bulletin: Source, sort: Sort, value: str, year: int, place: str, *, plain: bool
    ) -> Level | None:
        """One level, mostly exact and dated; it is given back if it has an exact number of its year."""
        lot, cells = self.draw(), {"place": place}
        if plain or lot > 0.06:
            return Level(sort, value, self.figure(bulletin, sort, value, year, **cells), place)
        if lot < 0.02:
            cells |= {"qualifier": "about"}
        elif lot < 0.03:
            cells |= {"qualifier": "at_least"}
        elif lot < 0.04 and float(value) > 1:
            cells |= {"qualifier": "range", "value": f"{int(float(value)) - 1}-{int(float(value))}"}
        elif lot < 0.05:
            cells |= {"period": "", "period_basis": ""}
        else:
            cells |= {"value": "", "unit": "", "value_text": "有所变化"}
        self.figure(bulletin, sort, value, year, **cells)
        return None

    def change(self, bulletin: Source, share: Sort, year: int, place: str) -> None:
        cells = {"measure": "change", "unit": "个百分点", "place": place}
        if self.draw() < 0.1:
            cells |= {"unit": "%", "unit_read": "百分点"}
            cells |= {
                "unit_read_reason_zh": "合成：份额之差。",
                "unit_read_reason_en": "Synthetic: of shares.",
            }
        observation_id = self.figure(bulletin, share, f"{0.1 + 3 * self.draw():.1f}", year, **cells)
        self.tables.add("changes", observation_id=observation_id, compared_with=str(year - 1))

    def rank(self, bulletin: Source, share: Sort, year: int, place: str) -> None:
        cells = {"measure": "rank", "unit": "位", "denominator": "not_applicable", "place": place}
        rank = str(1 + int(self.peers * self.draw()))
        observation_id = self.figure(bulletin, share, rank, year, **cells)
        self.tables.add("ranks", observation_id=observation_id, rank_among=self.province, rank_n=self.peers)

    def arithmetic(self, exact: Sequence[Level], facts: Sequence[str], year: int, wanted: int) -> None:
        """So many identities between the figures of a year, another choice of the city's own every year."""
        own = {each.sort.indicator: each.observation_id for each in exact if not each.county}
        possible = [("one_fact", terms) for terms in facts]
        for kind, terms in IDENTITIES:
            try:
                possible.append((kind, terms.format_map(own)))
            except KeyError:
                continue
        turned = year % (len(possible) or 1)
        possible = possible[turned:] + possible[:turned]
        for each in exact:
            if each.county and each.sort.indicator in AREAS and each.sort.indicator in own:
                higher = own[each.sort.indicator]
                possible.append(("order", f"lower = {each.observation_id}; higher = {higher}"))
        for number, (kind, terms) in enumerate(possible[:wanted], start=1):
            identity_id = f"{self.place_id}_{year}_{number:03d}"
            self.tables.add(
                "identities", identity_id=identity_id, city_id=self.place_id, kind=kind, terms=terms, **NOTE
            )

    def policy(self, plan: Source, instrument: str) -> None:
        number, policy_id = len(self.measures) + 1, plan.next_id("p")
        kind = self.any_of(("instrument", "instrument", "instrument", "goal", "recognition"))
        row = {"kind": kind, "legal_force": "not_stated", "level": "prefecture", "stage": "in_force"}
        row |= {"target_group": "public", "themes": self.any_of(THEMES)}
        if kind == "instrument":
            row |= {"instrument_id": instrument, "primary_type": self.any_of(TYPES)}
            row["targets"] = self.targets[-1] if self.targets else ""
        if number % 4 == 1:
            coded = ("kind", "primary_type", "legal_force", "level", "stage", "target_group", "themes")
            again = {column: row.get(column, "") for column in coded}
            self.tables.add("second_codings", policy_id=policy_id, **again)
        self.named("policies", "policy_id", policy_id, plan, f"措施{number}", f"measure {number}", **row)
        self.measures.append(policy_id)

    def project(self, plan: Source) -> None:
        self.works += 1
        row = {
            "stage": "planned",
            "themes": self.any_of(THEMES),
            "period": f"{plan.year + 1}/{plan.year + 5}",
        }
        row |= {"period_printed": f"{plan.year + 1}—{plan.year + 5}年"}
        row |= {"districts": f"{county(1)};{county(2)}", "departments": "合成部门1;合成部门2"}
        row["quantities"] = self.targets[-1] if self.targets else ""
        name = f"工程{self.works}", f"project {self.works}"
        self.named("projects", "project_id", plan.next_id("j"), plan, *name, **row)

    def zones(self) -> None:
        """A zone with a key area and the list of its towns in each plan, and a contradiction in the first."""
        plans = [source for source in self.sources.values() if source.kind == "plan"]
        for plan in plans:
            zone, area, towns = plan.next_id("z"), plan.next_id("z"), plan.next_id("l", 2)
            self.named(
                "zones", "zone_id", zone, plan, "修复区", "zone", kind="restoration_zone", listing=towns
            )
            self.named("zones", "zone_id", area, plan, "重点区", "key area", kind="key_area", parent=zone)
            for item in range(1, 4):
                span = plan.says(f"合成镇{item:02d}", "、")[0]
                self.tables.add(
                    "listings", list_id=towns, item=item, open="no", source_id=plan.source_id, **span
                )
        for plan in plans[:1]:
            name = plan.next_id("x", 2)
            self.named("contradictions", "contradiction_id", name, plan, "矛盾", "contradiction")
            contrast = plan.says("另一处合成文字", "。")[0]
            self.tables.add("contexts", observation_id=name, role="contrast", **contrast)
            needs = {"kind": "aspect", "families": "air;water", "project_themes": "forest"}
            name = plan.next_id("r", 2)
            self.named("requirements", "requirement_id", name, plan, "要求", "requirement", **needs)

    def named(self, table: str, key: str, name: str, plan: Source, zh: str, en: str, **row: str) -> None:
        span = plan.says(f"合成{zh}", "。")[0]
        self.tables.add(
            table,
            **{key: name, "city_id": self.place_id, "source_id": plan.source_id},
            **{"name_zh": f"合成{zh}", "name_en": f"Synthetic {en}", **row, **span},
        )

    def coverage(self) -> None:
        """What was looked for in each source."""
        for source in self.sources.values():
            answers = dict.fromkeys(source.stated, "stated")
            for sort in SHARES[:4]:
                answers.setdefault(sort.indicator, "not_stated" if source.held else "not_searched")
            for indicator, result in answers.items():
                self.tables.add(
                    "coverage",
                    city_id=self.place_id,
                    source_id=source.source_id,
                    indicator_id=indicator,
                    result=result,
                    searched_on="" if result == "not_searched" else ENTERED,
                )

    def monitored(self, year: int) -> None:
        days, whole = int(self.good_days), 365 + (year % 4 == 0)
        self.tables.add(
            "monitored",
            monitored_id=f"{self.place_id}.{year}.synthetic",
            city_id=self.place_id,
            year=year,
            indicator_id="good_air_days",
            standard="hj633-2012",
            method="station_hours",
            definition_version=definition("air", year),
            hour_label="ending",
            stations=4,
            first_day=f"{year}-01-01",
            last_day=f"{year}-12-31",
            days_in_year=whole,
            valid_days=whole,
            coverage="1.0000",
            days_at_most_100=days,
            days_at_most_100_low=days - 2,
            days_at_most_100_high=days + 2,
            days_above_100=whole - days,
            good_days=days,
            annual="yes",
            review="unreviewed",
            good_day_ratio=f"{100 * days / whole:.2f}",
            tier="monitoring",
            source_id=ARCHIVE,
            file_sha256="0" * 64,
        )


def county(number: int) -> str:
    return f"合成县{number:02d}" if number else ""


def other_digit(value: str) -> str:
    """The number with another last digit, as a second source may print it."""
    if float(value) == 100:
        return "97"
    last = int(value[-1])
    return value[:-1] + str(last - 3 if last > 2 else last + 3)


def definition(defined: str, year: int) -> str:
    """The definition version of a figure of this year."""
    versions = {
        "air": (
            (2013, "api"),
            (2018, "hj633_2012_standard_state"),
            (2019, "hj633_2012_mixed_2018"),
            (9999, "hj633_2012_actual_state"),
        ),
        "water": ((2016, "sections_before_2016"), (2021, "sections_1940"), (9999, "sections_3641")),
        "redline": ((2022, "redline_before_2022"), (9999, "redline_2022")),
        "forest": ((2020, "forest_planning_survey"), (9999, "forest_monitoring_post_third_survey")),
        "": ((9999, "not_applicable"),),
    }
    return next(version for before, version in versions[defined] if year < before)


def provinces(cities: int, seed: int) -> list[int]:
    """How many cities each province has: ten to thirty where there are so many."""
    draw, left, sizes = random.Random(f"{seed}:provinces").random, cities, []
    while left > 30:
        sizes.append(10 + int(draw() * (min(30, left - 10) - 9)))
        left -= sizes[-1]
    return [*sizes, left]


def shared(total: int, among: int) -> list[int]:
    """A number in so many parts, as equal as they can be."""
    return [total // among + (part < total % among) for part in range(among)]


def write(
    out: Path,
    cities: int = 300,
    years: int = 10,
    observations: int | None = None,
    per_year: int = 24,
    seed: int = 1,
    documents: Path | None = None,
) -> None:
    """The package in the folder `out`; `observations` in all where given, else `per_year` of each city that has any."""
    descriptor = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    descriptor |= {
        "name": NAME,
        "title": "合成数据，并非真实 / Synthetic data, not real",
        "version": f"0.0.0-synthetic.{seed}",
        "cut_off": ENTERED,
        "description": f"{NOTE['note_en']} Made by tools/synthetic.py for tests and benchmarks.",
        "licenses": [{"name": "CC0-1.0", "title": "Synthetic data without any claim"}],
    }
    for folder in filter(None, (out, documents)):
        folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(descriptor, ensure_ascii=False, indent=2)
    (out / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    for table in TAKEN_OVER:
        shutil.copyfile(DATA / f"{table}.csv", out / f"{table}.csv")
    with (DATA / "instruments.csv").open(encoding="utf-8", newline="") as file:
        instruments = [row["instrument_id"] for row in csv.DictReader(file)]
    span = range(LAST_YEAR - years + 1, LAST_YEAR + 1)
    sizes = provinces(cities, seed)
    speaking = [number for number in range(1, cities + 1) if number % SILENT]
    total = len(speaking) * years * per_year if observations is None else observations
    figures = dict(zip(speaking, (shared(part, years) for part in shared(total, len(speaking))), strict=True))
    with ExitStack() as stack:
        tables = Tables(out, descriptor, stack)
        width, number = max(4, len(str(cities))), 0
        for province, size in enumerate(sizes, start=1):
            about = {
                "level": "prefecture",
                "province_id": f"synthetic_province_{province:03d}",
                "province_zh": f"合成省{province:03d}",
                "province_en": f"Synthetic Province {province:03d}",
            }
            for _ in range(size):
                number += 1
                digits = f"{number:0{width}d}"
                city = City(
                    tables, f"synthetic_{digits}", f"合成市{digits}", about["province_id"], size, seed
                )
                # No place has a code that begins with 9.
                named = {
                    "name_zh": city.name,
                    "name_en": f"Synthetic City {digits}",
                    "adcode": 900000 + number,
                }
                tables.add("cities", city_id=city.place_id, **named, **about, **NOTE)
                if number in figures:
                    for year, count in zip(span, figures[number], strict=True):
                        city.year(year, count, instruments)
                    city.zones()
                    city.coverage()
                    city.monitored(LAST_YEAR)
                city.close(documents)
                tables.write()
        wholes = [("china", "synthetic_country", "合成全国")]
        wholes += [
            (f"synthetic_province_{n:03d}", f"synthetic_province_{n:03d}", f"合成省{n:03d}")
            for n in range(1, len(sizes) + 1)
        ]
        for place_id, prefix, name in wholes:
            author = Author(tables, "benchmarks", place_id, prefix, name, seed)
            author.benchmarks(span)
            author.close(documents)
        common(tables, max(map(max, figures.values()), default=0))
        tables.write()


def common(tables: Tables, most: int) -> None:
    """The archive that the counts of monitoring name, and English names of what is printed in Chinese."""
    about = {"kind": "monitoring_archive", "tier": "monitoring", "seen_on": "publisher", "retrieved": ENTERED}
    label = {"label_zh": "合成存档", "label_en": "Synthetic archive", "title": "合成存档"}
    tables.add(
        "sources", source_id=ARCHIVE, url="https://synthetic.invalid/archive", **label, **about, **NOTE
    )
    parts = [(county(number), f"Synthetic County {number:02d}") for number in range(1, 2 + most // TURN)]
    towns = [(f"合成镇{number:02d}", f"Synthetic Town {number:02d}") for number in range(1, 4)]
    departments = [(f"合成部门{number}", f"Synthetic Department {number}") for number in (1, 2)]
    for zh, en in (*parts, *towns, *departments):
        tables.add("names", name_zh=zh, name_en=en)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="folder of the package; made if need be")
    parser.add_argument("--cities", type=int, default=300)
    parser.add_argument("--years", type=int, default=10, help=f"up to {LAST_YEAR}")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--observations", type=int, help="in all")
    size.add_argument("--per-year", type=int, default=24, help="observations of a city and year")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=Path, help="folder for the texts that the figures stand in")
    given = parser.parse_args()
    if given.cities < 1 or not 1 <= given.years <= 100 or min(given.per_year, given.observations or 0) < 0:
        parser.error("--cities and --years (at most 100) are 1 or more, numbers of observations 0 or more")
    here = given.out / "datapackage.json"
    if here.exists() and json.loads(here.read_text(encoding="utf-8")).get("name") != NAME:
        parser.error(f"{given.out} holds a data package that is not synthetic")
    write(**vars(given))
    print(f"{given.out}: {given.cities} synthetic cities")
    return 0


if __name__ == "__main__":
    sys.exit(main())
