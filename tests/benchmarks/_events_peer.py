"""Six questions over the Parquet files in one other engine; runs alone, in an environment of its own.

``python _events_peer.py ENGINE FOLDER AS_OF``: one line of JSON a question, with (all, failing) as the answer.
Each text is the best that we could write by hand for the engine: columns pruned, summed before joins.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

Answer = Callable[[], tuple[int, int]]
WINDOW = "outcome = 'success' and ts >= {since} and ts < {until}"
IN_FORCE = "valid_from <= {day} and least(valid_to, coalesce(revoked_on, valid_to)) >= {day}"
SQL = {
    "off_purpose_access": f"""
        with used as (select dataset_id, purpose_id, count(*) as n from {{events}} where {WINDOW}
                      group by dataset_id, purpose_id),
        declared as (select dataset_id, {{unnest}}(purposes) as purpose_id from {{datasets}}),
        compatible as (select purpose_id, {{unnest}}(compatible_with) as other from {{purposes}}),
        allowed as (select dataset_id, purpose_id from declared union distinct
                    select dataset_id, other from declared join compatible using (purpose_id))
        select sum(n), sum(if(allowed.dataset_id is null, n, 0))
        from used left join allowed using (dataset_id, purpose_id)""",
    "retired_dataset_access": f"""
        select count(*), count(*) filter (where {{ts_day}} > retired_on)
        from {{events}} as e join {{datasets}} as d on e.dataset_id = d.dataset_id where {WINDOW}""",
    "expired_grant_use": f"""
        select count(*), count(*) filter (where not ({{ts_day}} >= valid_from
               and {{ts_day}} <= least(valid_to, coalesce(revoked_on, valid_to))))
        from {{events}} as e join {{grants}} as g on e.grant_id = g.grant_id where {WINDOW}""",
    "access_outside_grant": f"""
        select count(*), count(*) filter (where g.grant_id is null or g.person_id <> e.actor_id
               or g.dataset_id <> e.dataset_id or g.purpose_id <> e.purpose_id)
        from {{events}} as e left join {{grants}} as g on e.grant_id = g.grant_id
        where {WINDOW} and e.grant_id is not null""",
    "dormant_grants": f"""
        with used as (select grant_id, max(ts) as last_at from {{events}}
                      where outcome = 'success' and ts < {{until}} and grant_id is not null
                      group by grant_id)
        select count(*), count(*) filter (where last_at is null or last_at < {{unused_since}})
        from {{grants}} as g left join used on g.grant_id = used.grant_id
        where {IN_FORCE} and (valid_from <= {{unused_day}} or last_at is not null)""",
    "consent_backed_purposes": """
        with used as (select distinct purpose_id from {events}
                      where outcome = 'success' and ts >= {four_weeks} and ts < {until}),
        given as (select purpose_id, count(*) filter (where withdrawn_at is null
                  or withdrawn_at >= {until}) as n from {consents} where given_at < {until}
                  group by purpose_id)
        select count(*), count(*) filter (where coalesce(n, 0) = 0)
        from {purposes} as p join used using (purpose_id) left join given using (purpose_id)
        where lawful_basis = 'consent'""",
}


def moments(as_of: date) -> dict[str, date]:
    """The bounds of the windows, as the first day inside or after them."""
    return {
        "since": as_of - timedelta(days=181),
        "until": as_of + timedelta(days=1),
        "four_weeks": as_of - timedelta(days=27),
        "unused_since": as_of - timedelta(days=89),
        "unused_day": as_of - timedelta(days=90),
        "day": as_of,
    }


def duckdb_answers(folder: Path, as_of: date) -> dict[str, Answer]:
    """Hand-written SQL on the files, in DuckDB."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    words = _places(folder, "'{}'") | {"unnest": "unnest", "ts_day": "cast(ts as date)"}
    words |= {name: f"date '{day}'" for name, day in moments(as_of).items()}
    return {
        name: lambda text=text: connection.execute(text.format(**words)).fetchall()[0]  # type: ignore[misc]
        for name, text in SQL.items()
    }


def chdb_answers(folder: Path, as_of: date) -> dict[str, Answer]:
    """The same SQL in ClickHouse's engine."""
    from chdb import session

    opened = session.Session()
    opened.query("set join_use_nulls = 1")
    words = _places(folder, "file('{}', Parquet)") | {
        "unnest": "arrayJoin",
        "ts_day": "toDate32(ts)",
    }
    words |= {
        name: f"toDate32('{day}')" if name in ("day", "unused_day")
        else f"toDateTime64('{day} 00:00:00', 6, 'UTC')"
        for name, day in moments(as_of).items()
    }  # fmt: skip

    def ask(text: str) -> tuple[int, int]:
        row = str(opened.query(text.format(**words), "CSV")).strip().split(",")
        return int(row[0]), int(row[1])

    return {name: lambda text=text: ask(text) for name, text in SQL.items()}  # type: ignore[misc]


def _places(folder: Path, form: str) -> dict[str, str]:
    lists = {name: form.format(folder / f"{name}.parquet") for name in ("datasets", "grants", "purposes", "consents")}  # fmt: skip
    return lists | {"events": form.format(folder / "access_events" / "*.parquet")}


def polars_answers(folder: Path, as_of: date) -> dict[str, Answer]:
    """Lazy scans with the streaming engine."""
    import polars as pl

    at = moments(as_of)
    read = {name: pl.scan_parquet(folder / f"{name}.parquet") for name in ("datasets", "grants", "purposes", "consents")}  # fmt: skip
    allowed_all = pl.scan_parquet(folder / "access_events" / "*.parquet").filter(pl.col("outcome") == "success")  # fmt: skip
    inside = allowed_all.filter(pl.col("ts") >= at["since"], pl.col("ts") < at["until"])
    grants = read["grants"].with_columns(
        last=pl.min_horizontal("valid_to", pl.coalesce("revoked_on", "valid_to"))
    )
    day = pl.col("ts").dt.date()

    def two(frame: pl.LazyFrame, every: pl.Expr, failing: pl.Expr) -> tuple[int, int]:
        row = frame.select(every.alias("a"), failing.alias("b")).collect(engine="streaming").row(0)
        return int(row[0]), int(row[1])

    def off_purpose() -> tuple[int, int]:
        declared = (
            read["datasets"].select("dataset_id", purpose_id="purposes").explode("purpose_id")
        )
        other = read["purposes"].select("purpose_id", other="compatible_with").explode("other").drop_nulls()  # fmt: skip
        beside = declared.join(other, on="purpose_id").select("dataset_id", purpose_id="other")
        allowed = pl.concat([declared, beside]).unique().with_columns(known=True)
        used = inside.group_by("dataset_id", "purpose_id").agg(n=pl.len())
        joined = used.join(allowed, on=["dataset_id", "purpose_id"], how="left")
        return two(joined, pl.col("n").sum(), pl.col("n").filter(pl.col("known").is_null()).sum())

    def retired() -> tuple[int, int]:
        joined = inside.join(read["datasets"].select("dataset_id", "retired_on"), on="dataset_id")
        return two(joined, pl.len(), (day > pl.col("retired_on")).sum())

    def expired() -> tuple[int, int]:
        joined = inside.join(grants.select("grant_id", "valid_from", "last"), on="grant_id")
        return two(joined, pl.len(), ((day < pl.col("valid_from")) | (day > pl.col("last"))).sum())

    def outside() -> tuple[int, int]:
        given = grants.select("grant_id", "person_id", d="dataset_id", p="purpose_id")
        joined = inside.filter(pl.col("grant_id").is_not_null()).join(
            given, on="grant_id", how="left"
        )
        differs = (
            pl.col("person_id").is_null()
            | (pl.col("person_id") != pl.col("actor_id"))
            | (pl.col("d") != pl.col("dataset_id"))
            | (pl.col("p") != pl.col("purpose_id"))
        )
        return two(joined, pl.len(), differs.sum())

    def dormant() -> tuple[int, int]:
        named = allowed_all.filter(pl.col("grant_id").is_not_null(), pl.col("ts") < at["until"])
        used = named.group_by("grant_id").agg(last_at=pl.col("ts").max())
        held = grants.filter(pl.col("valid_from") <= at["day"], pl.col("last") >= at["day"])
        joined = held.join(used, on="grant_id", how="left").filter(
            (pl.col("valid_from") <= at["unused_day"]) | pl.col("last_at").is_not_null()
        )
        idle = pl.col("last_at").is_null() | (pl.col("last_at") < at["unused_since"])
        return two(joined, pl.len(), idle.sum())

    def consent() -> tuple[int, int]:
        used = inside.filter(pl.col("ts") >= at["four_weeks"]).select("purpose_id").unique()
        kept = pl.col("withdrawn_at").is_null() | (pl.col("withdrawn_at") >= at["until"])
        given = read["consents"].filter(pl.col("given_at") < at["until"])
        counted = given.group_by("purpose_id").agg(n=kept.sum())
        asked = read["purposes"].filter(pl.col("lawful_basis") == "consent")
        joined = asked.join(used, on="purpose_id").join(counted, on="purpose_id", how="left")
        return two(joined, pl.len(), (pl.col("n").fill_null(0) == 0).sum())

    return dict(zip(SQL, (off_purpose, retired, expired, outside, dormant, consent), strict=True))


def pandas_answers(folder: Path, as_of: date) -> dict[str, Answer]:
    """Only the columns of a question are read, filtered by pyarrow while reading."""
    import pandas as pd

    at = {name: pd.Timestamp(day) for name, day in moments(as_of).items()}
    lists = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("datasets", "grants", "purposes", "consents")}  # fmt: skip
    grants = lists["grants"]
    grants["first"] = pd.to_datetime(grants["valid_from"])
    ends = pd.to_datetime(grants["revoked_on"]).fillna(pd.Timestamp("2200-01-01"))
    grants["last"] = pd.to_datetime(grants["valid_to"]).clip(upper=ends)

    def events(columns: list[str], since: str | None = "since") -> pd.DataFrame:
        wanted = [("outcome", "==", "success"), ("ts", "<", at["until"])]
        wanted += [("ts", ">=", at[since])] if since else []
        return pd.read_parquet(folder / "access_events", columns=columns, filters=wanted)

    def off_purpose() -> tuple[int, int]:
        declared = lists["datasets"][["dataset_id", "purposes"]].explode("purposes")
        declared.columns = pd.Index(["dataset_id", "purpose_id"])
        other = (
            lists["purposes"][["purpose_id", "compatible_with"]].explode("compatible_with").dropna()
        )
        beside = declared.merge(other, on="purpose_id")[["dataset_id", "compatible_with"]]
        beside.columns = declared.columns
        allowed = pd.concat([declared, beside]).drop_duplicates().assign(known=True)
        used = events(["dataset_id", "purpose_id"]).value_counts().rename("n").reset_index()
        joined = used.merge(allowed, on=["dataset_id", "purpose_id"], how="left")
        return int(joined["n"].sum()), int(joined.loc[joined["known"].isna(), "n"].sum())

    def retired() -> tuple[int, int]:
        end = pd.to_datetime(lists["datasets"].set_index("dataset_id")["retired_on"])
        found = events(["dataset_id", "ts"])
        return len(found), int((found["ts"].dt.normalize() > found["dataset_id"].map(end)).sum())

    def expired() -> tuple[int, int]:
        found = events(["grant_id", "ts"]).merge(
            grants[["grant_id", "first", "last"]], on="grant_id"
        )
        day = found["ts"].dt.normalize()
        return len(found), int(((day < found["first"]) | (day > found["last"])).sum())

    def outside() -> tuple[int, int]:
        columns = ["grant_id", "actor_id", "dataset_id", "purpose_id"]
        found = events(columns).dropna(subset=["grant_id"])
        found = found.merge(grants, on="grant_id", how="left", suffixes=("", "_given"))
        differs = (found["person_id"] != found["actor_id"]) | (found["dataset_id_given"] != found["dataset_id"])  # fmt: skip
        return len(found), int((differs | (found["purpose_id_given"] != found["purpose_id"])).sum())

    def dormant() -> tuple[int, int]:
        last = events(["grant_id", "ts"], None).groupby("grant_id")["ts"].max()
        held = grants[(grants["first"] <= at["day"]) & (grants["last"] >= at["day"])]
        used = held["grant_id"].map(last)
        counted = (held["first"] <= at["unused_day"]) | used.notna()
        return int(counted.sum()), int((counted & ~(used >= at["unused_since"])).sum())

    def consent() -> tuple[int, int]:
        used = events(["purpose_id"], "four_weeks")["purpose_id"].unique()
        given = lists["consents"][lists["consents"]["given_at"] < at["until"]]
        kept = given[~(given["withdrawn_at"] < at["until"])]["purpose_id"].unique()
        asked = lists["purposes"].query("lawful_basis == 'consent'")["purpose_id"]
        asked = asked[asked.isin(used)]
        return len(asked), int((~asked.isin(kept)).sum())

    return dict(zip(SQL, (off_purpose, retired, expired, outside, dormant, consent), strict=True))


def timed(answer: Answer, times: int = 3) -> tuple[tuple[int, int], float]:
    """The answer and the best time of up to three; one run is enough where it takes long."""
    best = float("inf")
    for _ in range(times):
        started = time.perf_counter()
        found = answer()
        best = min(best, time.perf_counter() - started)
        if best > 20:
            break
    return (int(found[0]), int(found[1])), best


def report(answers: dict[str, Answer]) -> None:
    for name, answer in answers.items():
        found, seconds = timed(answer)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        line = {"question": name, "answer": found, "seconds": seconds, "peak": peak}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    engine, where, day = sys.argv[1:]
    make = {"duckdb": duckdb_answers, "chdb": chdb_answers, "polars": polars_answers, "pandas": pandas_answers}  # fmt: skip
    report(make[engine](Path(where), date.fromisoformat(day)))
