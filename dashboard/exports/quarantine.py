"""Bad records: each with its file, its line, its columns, all its reasons and its raw text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from dashboard.exports.column_types import literal, quote
from dashboard.exports.contract import Contract
from dashboard.exports.landing import LANDED
from dashboard.exports.lines import pick_lines
from dashboard.exports.readers.source import Source
from dashboard.exports.rules import Rule
from dashboard.exports.staging import STAGED, Stream
from dashboard.exports.standing import CONFLICT, CONFLICT_WORDS

STRUCTURE = "structure"


def collect_bad(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    contract: Contract,
    rules: Sequence[Rule],
    stream: Stream = STAGED,
) -> None:
    """Make ``bad`` out of ``judged`` and ``late``: what the quarantine keeps of each record."""
    texts = {rule.id: rule.sentence for rule in rules} | {CONFLICT: CONFLICT_WORDS}
    columns = {rule.id: rule.column for rule in rules} | {CONFLICT: contract.key[0]}
    _gather_bad(connection, contract, stream)
    connection.execute(
        "create or replace temp table bad as select line_no, "
        f"list_concat(case when structure is null then [] else [structure] end, "
        f"{_translate('broken', texts)}) as reasons, record, coalesce(raw, record) as raw, "
        f"list_concat(case when structure is null then [] else ['{STRUCTURE}'] end, broken) "
        f"as rules, {_translate('broken', columns)} as columns, raw is null as is_rebuilt "
        f"from (select *, list_filter({_list(texts)}, lambda x: list_contains(failed, x)) as broken "
        "from gathered)"
    )
    if source.path.suffix.lower() == ".csv":
        _restore_lines(connection, source)


def _gather_bad(connection: duckdb.DuckDBPyConnection, contract: Contract, stream: Stream) -> None:
    """``gathered``: bad records with all rule ids; the texts of late ones are read once more."""
    connection.execute(
        "create or replace temp table gathered as select line_no, raw, structure, record, failed "
        "from judged where not is_good and line_no not in (select line_no from late)"
    )
    if connection.execute("select 1 from late limit 1").fetchone() is None:
        return
    fields = ", ".join(f"{literal(name)}: read_rows.{quote(name)}" for name in contract.names)
    connection.execute(
        f"insert into gathered select line_no, read_rows.raw, read_rows.structure, "
        f"cast(to_json({{{fields}}}) as varchar), list_concat(judged.failed, late.failed) "
        f"from ({stream.numbered}) read_rows join judged using (line_no) join "
        "(select line_no, list(rule) as failed from late group by line_no) late using (line_no)"
    )


def _list(ids: Iterable[str]) -> str:
    return f"[{', '.join(map(literal, ids))}]"


def _translate(ids: str, words: Mapping[str, str]) -> str:
    entries = ", ".join(f"{literal(key)}: {literal(text)}" for key, text in words.items())
    return f"list_transform({ids}, lambda x: map {{{entries}}}[x])"


def _restore_lines(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Put the line of the file in place of the columns rebuilt from it."""
    found = connection.execute("select line_no from bad where is_rebuilt order by line_no")
    numbers = np.asarray(found.fetchnumpy()["line_no"], np.int64)
    for texts in pick_lines(source.path, numbers, source.fingerprint.longest_line):
        lines = pa.table(
            {
                "line_no": pa.array([number for number, _ in texts], pa.int64()),
                "raw": pa.array([text for _, text in texts], pa.string()),
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
