"""The policies that documents name: the mix of instruments, their time, what only one city names, titles won."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ecobrief.compare import agreement, policies
from ecobrief.compare.frames import as_rows
from ecobrief.datapackage import DataPackage
from ecobrief.figures import charts, display, labels, phrases
from ecobrief.figures.chart import Chart, Mark
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row, columns_of, trimmed
from ecobrief.wording import Lang, Message, joined, msg, say, term

POLICY_COLUMNS = {
    "city": msg("City"),
    "name": msg("Policy"),
    "type": msg("Type"),
    "themes": msg("Themes"),
    "force": msg("Legal force"),
    "level": msg("Level of origin"),
    "stage": msg("Stage"),
    "period": msg("Period"),
    "source": msg("Source"),
}


def type_shares(package: DataPackage, place: str, lang: Lang) -> Display:
    """Each type's share of the instruments that a city's documents name, with n."""
    shares = policies.type_shares(package, place)
    hindrance = _hindrance(package, shares, "primary_type")
    if hindrance:
        return display.sentence(say(hindrance, lang), lang=lang)
    marks = []
    for row in as_rows(shares):
        marks.append(
            Mark(
                say(labels.POLICY_TYPES[row.primary_type], lang),
                say(_share(row.times, row.n), lang),
                value=row.share,
                formula=f"{row.times} / {row.n}",
                inputs=row.policy_ids,
            )
        )
    title = msg(
        "{place}: types of the {n} policy instruments named",
        place=package.place_name(place),
        n=shares["n"].iloc[0],
    )
    measure = say(msg("Share of the instruments named"), lang)
    caption = charts.sourced(package, policies.named(package, [place])["source_id"], lang)
    return display.chart(Chart("bars", say(title, lang), measure, "%", tuple(marks), lang, caption))


def side_by_side(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """Each type's share of the instruments that each city's documents name, with n: what is set side by side is the mix."""
    shares = {
        place: {row.primary_type: row for row in as_rows(policies.type_shares(package, place))}
        for place in places
    }
    hindrance = _hindrance(package, policies.named(package, places), "primary_type")
    if hindrance:
        return display.sentence(say(hindrance, lang), lang=lang)
    columns = [Column("type", say(msg("Type"), lang))]
    columns += [Column(place, phrases.place(package, place, lang)) for place in places]
    shown = []
    for code in package.codes("policies", "primary_type"):
        cells = {"type": say(labels.POLICY_TYPES[code], lang)}
        for place, own in shares.items():
            text = _share(own[code].times, own[code].n) if code in own else msg("none named")
            cells[place] = say(text, lang)
        shown.append(Row(cells))
    title = say(msg("Types of instruments, within each city"), lang)
    return display.table(title, columns, shown, _counted(package, lang), lang=lang)


def _counted(package: DataPackage, lang: Lang) -> str:
    """Where counts of policies come from."""
    return say(msg("Counted from policies.csv, data version {version}.", version=package.version), lang)


def _share(times: int, n: int) -> Message:
    share = "< 1" if 0 < 100 * times / n < 0.5 else f"{100 * times / n:.0f}"
    return msg("{share}% ({times} of {n})", share=share, times=times, n=n)


def mix(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """How often each type of instrument meets each theme in the documents on each city."""
    hindrance = _hindrance(package, policies.named(package, places), "primary_type", "themes")
    if hindrance:
        return display.sentence(say(hindrance, lang), lang=lang)
    columns = columns_of({"city": msg("City"), "theme": msg("Theme")}, lang)
    codes = package.codes("policies", "primary_type")
    columns += [Column(code, say(labels.POLICY_TYPES[code], lang)) for code in codes]
    columns.append(Column("share", say(msg("Share of the instruments named"), lang)))
    shown = []
    for place in places:
        named = policies.named(package, [place])["themes"]
        times = Counter(theme for themes in named for theme in themes.split(";"))
        counts = policies.mix(package, place)
        for theme, of_types in zip(counts.index, counts.to_numpy().tolist(), strict=True):
            cells = {code: str(count) if count else "" for code, count in zip(counts, of_types, strict=True)}
            cells |= {
                "city": phrases.place(package, place, lang),
                "theme": say(labels.THEMES[theme], lang),
                "share": say(_share(times[theme], len(named)), lang),
            }
            shown.append(Row(cells))
    columns, shown = trimmed(columns, shown, ["theme", "share"])
    title = say(msg("Instruments by theme and type"), lang)
    several = say(msg("One instrument can have several themes."), lang)
    caption = phrases.sentences([several, _counted(package, lang)], lang)
    return display.table(title, columns, shown, caption, lang=lang)


def timeline(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """The instruments that are printed with a year."""
    dated = [row for row in as_rows(policies.named(package, places)) if row.period]
    dated.sort(key=lambda row: (row.period, row.policy_id))
    if not dated:
        return display.sentence(say(msg("No instrument is printed with a year."), lang), lang=lang)
    marks = []
    for row in dated:
        stage = labels.POLICY_STAGES[row.stage]
        basis = say(msg("{place}, {stage}", place=package.place_name(row.city_id), stage=stage), lang)
        name = say(term(row, "name"), lang)
        marks.append(charts.span(row, row.policy_id, name, basis, lang))
    what = msg("Policy instruments that are printed with a year")
    of = [place for place in places if any(row.city_id == place for row in dated)]
    title = charts.titled(package, what, of, (row.period for row in dated), lang)
    caption = charts.sourced(package, (row.source_id for row in dated), lang)
    return display.chart(Chart("spans", title, say(msg("Year"), lang), "", tuple(marks), lang, caption))


def listed(package: DataPackage, named: pd.DataFrame, title: Message, lang: Lang) -> Display:
    """Policies as a table, one row each."""
    shown = [_policy(package, row, lang) for row in as_rows(named)]
    if not shown:
        return display.sentence(say(msg("{title}: none.", title=title), lang), lang=lang)
    columns, shown = trimmed(columns_of(POLICY_COLUMNS, lang), shown, ["name"])
    return display.table(say(title, lang), columns, shown, lang=lang)


def instruments(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """Every instrument that the documents name, city by city and type by type."""
    named = policies.named(package, places)
    types = {code: number for number, code in enumerate(package.codes("policies", "primary_type"))}
    order = named.assign(
        _city=named["city_id"].map(list(places).index), _type=named["primary_type"].map(types)
    )
    named = named.loc[order.sort_values(["_city", "_type"], kind="stable").index]
    return listed(package, named, msg("Every policy instrument named"), lang)


def recognitions(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """Titles and honours; they are no instruments."""
    return listed(
        package, policies.named(package, places, "recognition"), msg("Titles and honours named"), lang
    )


def only_here(
    package: DataPackage, places: Sequence[str], others: Sequence[str] | None, lang: Lang
) -> Display:
    """Instruments that the documents on one of `places` name and those on the `others` (None for all other cities) do not,
    by type; what has a national basis or is national or provincial by level is left out."""
    shown = []
    for place in places:
        found = as_rows(policies.only_here(package, place, others))
        for code in package.codes("policies", "primary_type"):
            of_type = [row for row in found if row.primary_type == code]
            names = dict.fromkeys(say(term(row, "name"), lang) for row in of_type)
            cells = {
                "city": phrases.place(package, place, lang),
                "type": say(labels.POLICY_TYPES[code], lang),
                "names": say(msg("; "), lang).join(names),
            }
            if names:
                shown.append(Row(cells, tuple(row.policy_id for row in of_type)))
    title = msg("Instruments that only one city's documents name, national and provincial ones left out")
    if not shown:
        return display.sentence(say(msg("{title}: none.", title=title), lang), lang=lang)
    heads = {"city": msg("City"), "type": msg("Type"), "names": msg("Instruments named")}
    columns, shown = trimmed(columns_of(heads, lang), shown, ["type", "names"])
    return display.table(say(title, lang), columns, shown, lang=lang)


def nationwide(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """The instruments named that have a national basis, with that basis and whose documents name them."""
    columns = columns_of(
        {
            "instrument": msg("Instrument"),
            "basis": msg("National law, opinion or plan behind it"),
            "cities": msg("Named by the documents on"),
        },
        lang,
    )
    named: dict[str, dict[str, str]] = {}
    for policy in as_rows(policies.named(package, places)):
        named.setdefault(policy.instrument_id, {}).setdefault(policy.city_id, policy.policy_id)
    shown = []
    for row in package.records("instruments", instrument_id=list(named)):
        if not row.national_basis_zh:
            continue
        first = named[row.instrument_id]
        cities = [place for place in places if place in first]
        cells = {
            "instrument": say(term(row, "name"), lang),
            "basis": say(term(row, "national_basis"), lang),
            "cities": say(joined(package.place_name(place) for place in cities), lang),
        }
        shown.append(Row(cells, tuple(first.values())))
    title = msg("Instruments with a national basis")
    if not shown:
        return display.sentence(say(msg("{title}: none.", title=title), lang), lang=lang)
    caption = msg("The national basis was entered from general knowledge, not from the documents held.")
    return display.table(say(title, lang), columns, shown, say(caption, lang), lang=lang)


def reliability(package: DataPackage, lang: Lang) -> Display:
    """Krippendorff's alpha of each dimension of the code book."""
    columns = columns_of(
        {
            "dimension": msg("Dimension"),
            "alpha": msg("Krippendorff's α"),
            "units": msg("Policies coded twice"),
            "charted": msg("Charted"),
        },
        lang,
    )
    shown = [
        Row(
            {
                "dimension": say(labels.DIMENSIONS[row.dimension], lang),
                "alpha": f"{row.alpha:.2f}",
                "units": str(row.units),
                "charted": say(
                    msg("yes") if row.charted else msg("no, α below {least}", least=agreement.LEAST), lang
                ),
            }
        )
        for row in as_rows(agreement.reliability(package))
    ]
    return display.table(say(msg("How far two coders agree"), lang), columns, shown, lang=lang)


def _hindrance(package: DataPackage, named: pd.DataFrame, *dimensions: str) -> Message | None:
    """Why the instruments cannot be charted by these dimensions."""
    if named.empty:
        return msg("No policy instrument is entered for this city.")
    charted = {row.dimension for row in as_rows(agreement.reliability(package)) if row.charted}
    unreliable = [labels.DIMENSIONS[name] for name in dimensions if name not in charted]
    if unreliable:
        return msg(
            "Two coders agree too little on {dimensions} (Krippendorff's α below {least}) for a chart of it.",
            dimensions=joined(unreliable),
            least=agreement.LEAST,
        )
    return None


def _policy(package: DataPackage, row: Any, lang: Lang) -> Row:
    types = [labels.POLICY_TYPES[code] for code in (row.primary_type, row.secondary_type) if code]
    themes = [labels.THEMES[code] for code in row.themes.split(";") if code]
    cells = {
        "city": phrases.place(package, row.city_id, lang),
        "name": say(term(row, "name"), lang),
        "type": say(joined(types), lang),
        "themes": say(joined(themes), lang),
        "force": say(labels.LEGAL_FORCES.get(row.legal_force, ""), lang),
        "level": say(labels.POLICY_LEVELS.get(row.level, ""), lang),
        "stage": say(labels.POLICY_STAGES.get(row.stage, ""), lang),
        "period": phrases.when(row.period, lang) if row.period else "",
        "source": phrases.document(package, row.source_id, lang),
    }
    return Row(cells, (row.policy_id,))
