"""Personal data is found by form and check digit, look-alikes are not, and no hit leaves the search."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assessments.errors import BadInput, NotFound
from assessments.leakage.score import gate
from assessments.leakage.text import Options, Presidio, evaluate
from assessments.leakage.text.detectors import DETECTORS

JUDGED = json.loads(Path(__file__).with_name("check_digits.json").read_text())["numbers"]
PLAIN = ["The order left on Monday morning and arrived late.", "Nobody answered the door at noon."]


@pytest.mark.parametrize("kind", sorted(JUDGED))
def test_check_digits_agree_with_an_independent_library(kind: str) -> None:
    detector = next(each for each in DETECTORS if each.name == kind)
    query = f"select coalesce({detector.check}, false) from (select ? as x)"
    with duckdb.connect() as connection:
        verdicts = {
            wanted: {connection.execute(query, [x]).fetchone()[0] for x in JUDGED[kind][wanted]}
            for wanted in ("valid", "invalid")
        }
    assert verdicts == {"valid": {True}, "invalid": {False}}


def test_a_proven_identifier_is_the_worst_and_no_hit_is_in_the_result() -> None:
    secret = JUDGED["iban"]["valid"][0]
    found = evaluate([*PLAIN, f"Refund to {secret} and mail kim.lee5@example-post.org"])
    assert found.severity == 1
    assert found.results["iban"].value == pytest.approx(1 / 3)
    assert secret not in found.as_json()
    assert "kim.lee5" not in found.as_json()
    assert gate([found], limit=9).verdict == "FAIL"


def test_numbers_that_pass_no_more_often_than_chance_prove_nothing() -> None:
    references = pd.DataFrame({"reference": [str(100_000_000 + 37 * i) for i in range(400)]})
    assert evaluate(references).severity == 0


def test_a_column_of_official_numbers_is_found_without_a_word_before_them() -> None:
    found = evaluate(pd.DataFrame({"ref": JUDGED["nl_bsn"]["valid"]}))
    assert found.severity == 1
    assert found.results["nl_bsn"].value == 1


def test_leading_zeros_and_wholes_in_a_file_are_read_as_written(tmp_path: Path) -> None:
    file = tmp_path / "cards.csv"
    file.write_text("card\n" + "\n".join(JUDGED["payment_card"]["valid"]) + "\n")
    pd.DataFrame({"card": [float(x) for x in JUDGED["payment_card"]["valid"]]}).to_parquet(
        tmp_path / "cards.parquet"
    )
    assert evaluate(file).results["payment_card"].value == 1
    assert evaluate(tmp_path / "cards.parquet").severity == 1


def test_lines_and_json_lines_are_searched(tmp_path: Path) -> None:
    line = "call +44 20 7946 0958, from 174.96.190.25"
    (tmp_path / "app.log").write_text(f"{line}\nnothing, here\n")
    (tmp_path / "app.jsonl").write_text(json.dumps({"message": {"body": line}}) + "\n")
    for name in ("app.log", "app.jsonl"):
        assert {"phone", "ip"} <= set(evaluate(tmp_path / name).results), name


def test_prose_in_which_nobody_looked_for_names_is_no_clean_bill(tmp_path: Path) -> None:
    blind = evaluate(PLAIN)
    assert (blind.status, blind.severity, blind.severity_high) == ("inconclusive", 0, 1)
    (tmp_path / "names.txt").write_text("Ada\nKim\n")
    looked = evaluate(PLAIN, Options(names=tmp_path / "names.txt"))
    assert (looked.status, looked.severity_high) == ("measured", 0)
    assert gate([looked], limit=9, required=["text"]).verdict == "PASS"


def test_a_listed_name_is_shown_but_its_precision_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Ada\n")
    found = evaluate(["Signed by Ada van den Berg today"], Options(names=tmp_path / "names.txt"))
    assert found.results["person_name"].value == 1
    assert (found.severity, found.severity_high) == (0, 1)


def test_a_model_is_asked_about_a_sample_and_does_not_decide() -> None:
    class Loud:
        name = "loud"

        def kinds(self, texts):
            return [["PERSON"] if "door" in text else [] for text in texts]

    found = evaluate(PLAIN, Options(model=Loud()))
    (row,) = found.tables["recogniser"]
    assert (row["kind"], row["rows"], row["sampled"]) == ("PERSON", 1, 2)
    assert (found.severity, found.severity_high) == (0, 1)


def test_what_cannot_be_searched_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        evaluate(tmp_path / "absent.csv")
    with pytest.raises(BadInput, match="every value is empty"):
        evaluate(pd.DataFrame({"a": [None, None]}))
    with pytest.raises(NotFound, match="No column"):
        evaluate(pd.DataFrame({"a": ["x"]}), Options(columns=("b",)))
    (tmp_path / "a.exe").write_text("x")
    with pytest.raises(BadInput, match="kind of file"):
        evaluate(tmp_path / "a.exe")


def test_an_absent_extra_is_said_plainly() -> None:
    pytest.importorskip("duckdb")
    try:
        import presidio_analyzer  # noqa: F401
    except ImportError:
        with pytest.raises(BadInput, match="not installed"):
            Presidio()
