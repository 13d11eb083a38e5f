"""Which briefs a build makes: of cities, one by one and compared, or of the parameter sets in a file."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from ecobrief.publish.inputs import digest
from ecobrief.publish.job import Job
from ecobrief.wording import LANGS, Lang

COMPARED_AT_ONCE = 30
"""More cities than these make no page that one reads; they are compared province by province."""
KEYS = ("notebook", "parameters", "each", "langs", "file")
NAME_LENGTH = 100


class PlanFaults(ValueError):
    """The file of parameter sets cannot be followed; `faults` lists every case found, each in one line."""

    def __init__(self, faults: Iterable[str]):
        self.faults = list(dict.fromkeys(faults))
        super().__init__("\n".join(self.faults))


def of_cities(notebooks: Path, provinces: Mapping[str, str], langs: Sequence[Lang]) -> list[Job]:
    """A brief for each city and language, and their comparison; more than 30 cities are compared by province.

    provinces: the province_id of each city by its city_id
    """
    compared: dict[str, list[str]] = {}
    for city, province in provinces.items():
        compared.setdefault(f"-{province}" if len(provinces) > COMPARED_AT_ONCE else "", []).append(city)
    jobs = []
    for lang in langs:
        for city in provinces:
            parameters = {"city": city, "lang": lang}
            jobs.append(
                Job(notebooks / "brief_city.ipynb", parameters, f"brief_city-{city}.{lang}.html", lang)
            )
        for which, cities in compared.items():
            parameters = {"cities": ",".join(cities), "lang": lang}
            file = f"brief_comparison{which}.{lang}.html"
            jobs.append(Job(notebooks / "brief_comparison.ipynb", parameters, file, lang))
    return jobs


def takes_parameters(notebook: Path) -> bool:
    """Whether a notebook has a cell with the tag parameters; one that is no notebook has none."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        return any("parameters" in cell["metadata"].get("tags", ()) for cell in cells)
    except (ValueError, KeyError, TypeError):
        return False


@dataclass(frozen=True)
class Set:
    """A brief to make, and where it is asked for ("sets.yaml entry 3"; empty for those of cities)."""

    where: str
    job: Job


def of_file(path: Path, notebooks: Path, langs: Sequence[Lang]) -> list[Set]:
    """The briefs that a YAML file asks for: a list of entries with the keys

        notebook    its name
        parameters  values by name
        each        lists of values by name: one brief for each value, or combination of values
        langs       languages; `langs` where they are left out
        file        how the file names begin; notebook and values where it is left out

    Whether the notebook takes these parameters is not checked here.

    Raises:
        PlanFaults: the file cannot be read, or asks for what cannot be.
    """
    entries = _read(path)
    known = sorted(notebook.stem for notebook in notebooks.glob("*.ipynb"))
    sets: list[Set] = []
    faults: list[str] = []
    for number, entry in enumerate(entries, start=1):
        where = f"{path} entry {number}"
        try:
            sets.extend(Set(where, job) for job in _jobs(entry, notebooks, known, langs))
        except PlanFaults as found:
            faults.extend(f"{where}: {fault}" for fault in found.faults)
    faults.extend(_twice(sets))
    if faults:
        raise PlanFaults(faults)
    return sets


def _read(path: Path) -> list[Any]:
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Safe, quick where it can be, and refusing a key that stands twice, of which the first would be lost."""

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            for number, key in enumerate(keys):
                if key in keys[:number]:
                    line = node.value[number][0].start_mark.line + 1
                    raise PlanFaults([f"{path} line {line}: {key} stands twice."])
            return super().construct_mapping(node, deep)

    try:
        entries = yaml.load(path.read_text(encoding="utf-8-sig"), Loader)
    except OSError as fault:
        raise PlanFaults([f"{path} cannot be read: {fault.strerror}."]) from fault
    except UnicodeDecodeError as fault:
        raise PlanFaults([f"{path} is no text in UTF-8."]) from fault
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f" line {mark.line + 1}" if mark else ""
        raise PlanFaults(
            [f"{path}{place} is no YAML: {getattr(fault, 'problem', None) or 'wrong form'}."]
        ) from fault
    if not isinstance(entries, list) or not entries:
        raise PlanFaults(
            [f"{path}: a list of parameter sets is expected, each with a notebook: - notebook: brief_city"]
        )
    return entries


def _jobs(entry: Any, notebooks: Path, known: Sequence[str], langs: Sequence[Lang]) -> Iterator[Job]:
    if not isinstance(entry, dict):
        raise PlanFaults([f"{entry!r} is no parameter set; one has the keys {', '.join(KEYS)}."])
    faults = [_unknown(key) for key in entry if key not in KEYS]
    notebook = str(entry.get("notebook", "")).removesuffix(".ipynb")
    if notebook not in known:
        named = f"notebook = {notebook!r}: there is none of this name" if notebook else "it names no notebook"
        faults.append(f"{named}; valid ones are {', '.join(known)}")
    given, faults_of_given = _values(entry.get("parameters"), "parameters")
    each, faults_of_each = _each(entry.get("each"))
    faults += faults_of_given + faults_of_each
    faults += [f"each.{name}: it stands under parameters too" for name in each if name in given]
    chosen, faults_of_langs = _langs(entry.get("langs"), langs)
    faults += faults_of_langs
    stem = entry.get("file")
    if stem is not None and not re.fullmatch(r"\w[\w.+-]*", str(stem)):
        faults.append(
            f"file = {stem!r}: a file name begins with a letter or digit, and has no folder and no blanks"
        )
    if faults:
        raise PlanFaults(faults)
    for values in product(*each.values()):
        varied = dict(zip(each, values, strict=True))
        parts = [str(stem), *varied.values()] if stem else [notebook, *given.values(), *varied.values()]
        for lang in chosen:
            parameters = {**given, **varied, "lang": lang}
            file = f"{_name(parts, parameters)}.{lang}.html"
            try:
                yield Job(notebooks / f"{notebook}.ipynb", parameters, file, lang)
            except ValueError as fault:
                raise PlanFaults([f"file = {stem!r}: {fault}"]) from fault


def _unknown(key: Any) -> str:
    near = difflib.get_close_matches(str(key), KEYS, 1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return f"a parameter set has no key {key}{meant}; it has {', '.join(KEYS)}"


def _values(given: Any, key: str) -> tuple[dict[str, str], list[str]]:
    if given is None:
        return {}, []
    if not isinstance(given, dict):
        return {}, [f"{key} = {given!r}: values by name are expected, as in {{city: benxi}}"]
    values, faults = {}, []
    for name, value in given.items():
        text = _text(value)
        if name == "lang":
            faults.append(f"{key}.lang = {value!r}: languages stand under langs")
        elif text is None:
            faults.append(f"{key}.{name} = {value!r}: one value is expected, or a list of values")
        else:
            values[str(name)] = text
    return values, faults


def _each(given: Any) -> tuple[dict[str, list[str]], list[str]]:
    if given is None:
        return {}, []
    if not isinstance(given, dict):
        return {}, [f"each = {given!r}: lists of values by name are expected, as in {{period: [2021, 2022]}}"]
    found: dict[str, list[str]] = {}
    faults = []
    for name, listed in given.items():
        if not isinstance(listed, list) or not listed:
            faults.append(f"each.{name} = {listed!r}: a list of values is expected, as in [2021, 2022]")
            continue
        for value in listed:
            values, faults_of_value = _values({name: value}, "each")
            faults += faults_of_value
            found.setdefault(str(name), []).extend(values.values())
    return found, faults


def _langs(given: Any, langs: Sequence[Lang]) -> tuple[list[Lang], list[str]]:
    if given is None:
        return list(langs), []
    named = given if isinstance(given, list) else [part.strip() for part in str(given).split(",")]
    faults = [
        f"langs = {lang!r}: it is no language of the briefs; valid ones are {', '.join(LANGS)}"
        for lang in named
        if lang not in LANGS
    ]
    if not named:
        faults.append(f"langs names no language; valid ones are {', '.join(LANGS)}")
    return [lang for lang in LANGS if lang in named], faults


def _text(value: Any) -> str | None:
    """A value as a notebook takes it: everything is read as text there. None for what has no such form."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str() | int() | float():
            return str(value)
        case date():
            return value.isoformat()
        case list():
            parts = [_text(part) for part in value if not isinstance(part, list)]
            texts = [part for part in parts if part is not None]
            return ",".join(texts) if len(texts) == len(value) else None
        case _:
            return None


def _name(parts: Iterable[str], parameters: Mapping[str, str]) -> str:
    """What the file is called, but for the language: always the same for the same parameters."""
    written = (re.sub(r"[^\w.+-]+", "_", part.replace(",", "+")) for part in parts if part)
    name = "-".join(written)
    return name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH]}-{digest(dict(parameters))[:8]}"


def _twice(sets: Iterable[Set]) -> Iterator[str]:
    first: dict[str, Set] = {}
    for one in sets:
        # File systems that take capitals for small letters hold one of two such files.
        other = first.setdefault(one.job.file.lower(), one)
        if other is not one:
            if (other.job.notebook, other.job.parameters) == (one.job.notebook, one.job.parameters):
                yield f"{one.where}: it asks for the same brief as {other.where}"
            else:
                yield (
                    f"{one.where}: its brief would be written to {one.job.file}, as that of {other.where}; "
                    "give one of them another file"
                )
