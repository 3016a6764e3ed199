"""The lint accepts the catalogue and refuses by name what engines run differently."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessments.errors import BadInput
from dashboard.kpis import Kpi, catalogue, get
from dashboard.kpis.catalogue import FOLDER
from dashboard.kpis.kpi import parse_kpi
from dashboard.kpis.lineage import kinds_behind, lineage
from dashboard.kpis.lint import lint

SOUND = get("unmasked_special_data")


@pytest.mark.parametrize("kpi", catalogue(), ids=lambda kpi: kpi.name)
def test_every_kpi_of_the_catalogue_is_sound(kpi: Kpi) -> None:
    assert lint(kpi) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("masking,", "unnest(purposes) as masking,", "UNNEST"),
        ("where\n", "where created_on + interval 1 day > $as_of and\n", "date arithmetic"),
        ("where\n", "where date_diff('day', created_on, $as_of) > 3 and\n", "date arithmetic"),
        ("where\n", "where created_on <= current_date and\n", "the clock"),
        ("where\n", "where created_on <= $until and\n", "reads $as_of and nothing else"),
        ("where\n", "where 1 = (select count(*) from generate_series(1, 1)) and\n", "generate_series"),
        ("from datasets", "from datasets asof join people on created_on >= joined_on", "ASOF"),
        ("from datasets", "from datasets join people using (owner_id)", "undeclared people"),
        ("from datasets", "from secrets", "neither an export kind nor a mart"),
        ("masking <> 'none' as is_met", "masking <> 'none' as met", "returns"),
        ("order by dataset_id", "order by owner_id", "not complete without dataset_id"),
        ("order by dataset_id", "order by lower(dataset_id)", "ordered by names"),
        ("select\n", "SELECT\n", "lower case"),
        ("order by dataset_id", "order by dataset_id limit 10", "LIMIT"),
        ("order by dataset_id", "qualify true\norder by dataset_id", "QUALIFY"),
        ("order by dataset_id", "order by dataset_id;\nselect 1", "one SELECT"),
        ("where\n", "wehre\n", "syntax"),
    ],
)  # fmt: skip
def test_the_lint_refuses_by_name(old: str, new: str, said: str) -> None:
    assert old in SOUND.text
    broken = replace(SOUND, text=SOUND.text.replace(old, new, 1))

    assert any(said in str(finding) for finding in lint(broken))


def test_grouping_by_place_or_by_all_is_refused() -> None:
    for keys in ("1", "all"):
        text = f"select dataset_id, true as is_met from datasets where created_on <= $as_of group by {keys}\norder by dataset_id"
        found = lint(replace(SOUND, text=text, columns={"dataset_id": "Dataset"}))
        assert any(finding.rule == "grouping" for finding in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/* ---\n", "-- no front matter\n"),
        ("unit: count\n", ""),
        ("unit: count\n", "unit: pieces\n"),
        ("unit: count\n", "unit: count\ncolour: red\n"),
        ("aggregate: count_failing", "aggregate: max"),
        ("\norder by ", "\n-- "),
        ("title: ", "name: another\ntitle: "),
    ],
)
def test_a_file_with_a_wrong_head_is_refused_with_its_name(old: str, new: str) -> None:
    text = (FOLDER / "unmasked_special_data.sql").read_text("utf-8").replace(old, new)

    with pytest.raises(BadInput) as error:
        parse_kpi("unmasked_special_data", text)
    assert error.value.where == {"file": "unmasked_special_data.sql"}


def test_lineage_goes_through_marts_to_the_exports_and_names_the_columns() -> None:
    found = lineage(get("retention_compliance"))

    assert found.kinds == {"datasets", "dataset_observations", "legal_holds"}
    assert "keep_until" in dict(found.reads)["dataset_age"]
    assert kinds_behind("grant_day") == {"access_events"}
    assert kinds_behind("reporting_day") == frozenset()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("is_met\n", "is_good\n", "returns events and is_met"),
        ("from datasets", "from people", "reads undeclared people"),
        ("where", "where current_date > $as_of and", "the clock"),
        ("select", "selekt (", "the counted text"),
    ],
)
def test_the_text_over_daily_sums_keeps_to_the_same_rules(old: str, new: str, said: str) -> None:
    kpi = get("retired_dataset_access")
    assert kpi.counted is not None
    broken = replace(kpi, counted=kpi.counted.replace(old, new))

    assert any(f.rule == "counted" and said in f.detail for f in lint(broken))
