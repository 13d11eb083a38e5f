"""Which metrics at least two cities state, and which of them compare best."""

from __future__ import annotations

import made
from ecobrief.compare.shared_metrics import shared_metrics

COVER = {
    "indicator_id": "cover",
    "value": "70.1",
    "definition_version": "not_stated",
    "network": "not_applicable",
}
DAYS = {"indicator_id": "days", "value": "351", "unit": "天"}
BETA = {"city_id": "beta"}


def shared(*rows: dict[str, str], places: tuple[str, ...] = made.CITIES) -> dict[str, list[str]]:
    """Indicator → the verdicts of its pairs."""
    package = made.package(observations=list(rows))
    return {
        indicator: [pair.verdict for pair in pairs] for indicator, _, pairs in shared_metrics(package, places)
    }


def test_a_metric_is_shared_where_two_cities_state_it() -> None:
    assert shared({}, BETA, DAYS) == {"ratio": ["comparable"]}
    assert shared({}, {"period": "2021"}) == {}


def test_the_metric_whose_pairs_compare_best_comes_first() -> None:
    caveats, barred = [COVER, COVER | BETA], [DAYS, DAYS | BETA | {"period": "2021"}]
    assert shared(*caveats, *barred, {}, BETA) == {
        "ratio": ["comparable"],
        "cover": ["with_caveats"],
        "days": ["not_comparable"],
    }
    assert list(shared(*barred, *caveats, {}, BETA)) == ["ratio", "cover", "days"]


def test_words_and_parts_of_a_place_are_no_shared_metric() -> None:
    words = {"value": "", "unit": "", "value_text": "全部达标"}
    assert shared({}, BETA | words) == {}
    assert shared({}, BETA | {"place": "某县"}) == {}


def test_targets_and_repetitions_are_no_readings() -> None:
    assert shared({}, BETA | {"status": "target", "period": "2025"}) == {}
    assert shared({}, {"repeats": "page.001"}) == {}


def test_only_the_cities_asked_for_are_looked_at() -> None:
    gamma = {"city_id": "gamma"}
    assert shared({}, gamma, places=("alpha", "beta")) == {}
    assert shared({}, BETA, gamma) == {"ratio": ["comparable"] * 3}


def test_the_readings_of_a_shared_metric_come_with_it() -> None:
    ((indicator, readings, _),) = shared_metrics(made.package(observations=[{}, BETA, DAYS]), made.CITIES)
    assert indicator == "ratio"
    assert list(readings["observation_id"]) == ["page.001", "page.002"]
