"""A manifest made by hand, as `build` would write it. Its cities and figures are invented."""

from __future__ import annotations

from typing import Any

METRICS = {
    "good_air_days": {"zh": "优良天数", "en": "Days with AQI ≤ 100"},
    "forest_cover": {"zh": "森林覆盖率", "en": "Forest cover"},
    "water_ratio": {"zh": "优良断面比例", "en": "Share of sections in classes I–III"},
}
ABSENT = {"zh": "未说明", "en": "not stated"}


def metric(name: str, lang: str, value: str = "", period: str = "", scope: str = "") -> dict[str, Any]:
    """A metric of a brief; one without a value is not stated."""
    return {
        "id": name,
        "metric": METRICS[name][lang],
        "value": value or ABSENT[lang],
        "period": period,
        "scope": scope,
        "stated": bool(value),
    }


def brief(city: str, lang: str, title: str, *metrics: dict[str, Any]) -> dict[str, Any]:
    return {
        "file": f"brief_city-{city}.{lang}.html",
        "notebook": "brief_city.ipynb",
        "parameters": {"city": city, "lang": lang},
        "lang": lang,
        "title": title,
        "metrics": list(metrics),
    }


def manifest(briefs: list[dict[str, Any]], *failed: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"version": "0.1.0", "cut_off": "2026-11-21"},
        "briefs": briefs,
        "failed": [
            {key: value for key, value in brief.items() if key not in ("title", "metrics")}
            for brief in failed
        ],
    }


def small() -> dict[str, Any]:
    """Three cities and a comparison in both languages; one brief failed."""
    found = {
        "zh": [
            brief("yiwu", "zh", "乙坞市：记录", metric("forest_cover", "zh", "41.2%", "2020年")),
            brief("jiagang", "zh", "甲港市：记录", metric("good_air_days", "zh", "300天", "2021年")),
            brief("bing_an", "zh", "丙安市：记录", metric("forest_cover", "zh")),
        ],
        "en": [
            brief("yiwu", "en", "Yiwu: record", metric("forest_cover", "en", "41.2%", "2020")),
            brief("jiagang", "en", "Jiagang: record", metric("good_air_days", "en", "300 days", "2021")),
            brief("bing_an", "en", "Bing’an: record", metric("forest_cover", "en")),
        ],
    }
    comparison = {
        lang: {
            "file": f"brief_comparison.{lang}.html",
            "notebook": "brief_comparison.ipynb",
            "parameters": {"cities": "yiwu,jiagang", "lang": lang},
            "lang": lang,
            "title": title,
            "metrics": [],
        }
        for lang, title in (("zh", "比较：乙坞市和甲港市"), ("en", "Compared: Yiwu and Jiagang"))
    }
    return manifest([*found["zh"], comparison["zh"], *found["en"]], comparison["en"])


def large(cities: int = 300) -> dict[str, Any]:
    """As many cities in both languages, each with three metrics; every third states its forest cover."""

    def metrics(number: int, lang: str) -> list[dict[str, Any]]:
        year = "2021年" if lang == "zh" else "2021"
        days = f"{200 + number % 160}{'天' if lang == 'zh' else ' days'}"
        forest = f"{20 + number % 60}.{number % 10}%" if number % 3 == 0 else ""
        return [
            metric("good_air_days", lang, days, year),
            metric("forest_cover", lang, forest, year if forest else ""),
            metric("water_ratio", lang),
        ]

    return manifest(
        [
            brief(f"city{number:03}", lang, title.format(number), *metrics(number, lang))
            for lang, title in (("zh", "第{}市：生态政策记录"), ("en", "City {}: eco-policy record"))
            for number in range(cities)
        ]
    )
