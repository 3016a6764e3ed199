"""Bad records: each with its file, its line, its columns, all its reasons and its raw text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from dashboard.exports.column_types import literal, quote
from dashboard.exports.contract import Contract
from dashboard.exports.landing import LANDED
from dashboard.exports.lines import read_lines
from dashboard.exports.readers.source import Source
from dashboard.exports.rules import Rule
from dashboard.exports.standing import CONFLICT, CONFLICT_WORDS

STRUCTURE = "structure"


def collect_bad(
    connection: duckdb.DuckDBPyConnection, source: Source, contract: Contract, rules: Sequence[Rule]
) -> None:
    """Make ``bad`` out of ``judged``: what the quarantine keeps of each record."""
    texts = {rule.id: rule.sentence for rule in rules} | {CONFLICT: CONFLICT_WORDS}
    columns = {rule.id: rule.column for rule in rules} | {CONFLICT: contract.key[0]}
    fields = ", ".join(f"{literal(name)}: {quote(name)}" for name in contract.names)
    connection.execute(
        "create or replace temp table bad as select line_no, "
        f"list_concat(case when structure is null then [] else [structure] end, "
        f"{_translate('failed', texts)}) as reasons, "
        f"cast(to_json({{{fields}}}) as varchar) as record, coalesce(raw, record) as raw, "
        f"list_concat(case when structure is null then [] else ['{STRUCTURE}'] end, failed) "
        f"as rules, {_translate('failed', columns)} as columns, raw is null as is_rebuilt "
        "from judged where structure is not null or len(failed) > 0"
    )
    if source.path.suffix.lower() == ".csv":
        _restore_lines(connection, source)


def _translate(ids: str, words: Mapping[str, str]) -> str:
    entries = ", ".join(f"{literal(key)}: {literal(text)}" for key, text in words.items())
    return f"list_transform({ids}, lambda x: map {{{entries}}}[x])"


def _restore_lines(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Put the line of the file in place of the columns rebuilt from it."""
    wanted = {
        int(row[0])
        for row in connection.execute("select line_no from bad where is_rebuilt").fetchall()
    }
    if not wanted:
        return
    found = [
        (line.number, line.shown()) for line in read_lines(source.path) if line.number in wanted
    ]
    lines = pa.table(
        {
            "line_no": pa.array([number for number, _ in found], pa.int64()),
            "raw": pa.array([text for _, text in found], pa.string()),
        }
    )
    connection.register("lines", lines)
    connection.execute(
        "update bad set raw = lines.raw from lines where bad.line_no = lines.line_no"
    )
    connection.unregister("lines")


def count_reasons(connection: duckdb.DuckDBPyConnection) -> tuple[tuple[str, int], ...]:
    """How many bad records have each reason, most frequent first."""
    found = connection.execute(
        "select reason, count(*) from (select unnest(list_distinct(reasons)) as reason from bad) "
        "group by reason order by count(*) desc, reason"
    ).fetchall()
    return tuple((str(reason), int(count)) for reason, count in found)


def keep_bad(
    connection: duckdb.DuckDBPyConnection, source: Source, contract: Contract, batch_id: str
) -> None:
    """Write ``bad`` into the quarantine."""
    connection.execute(
        f"insert into {LANDED}.quarantine by name select ? as batch_id, ? as kind, ? as path, "
        "line_no, reasons, raw, rules, columns, record from bad order by line_no",
        [batch_id, contract.kind, source.name],
    )
