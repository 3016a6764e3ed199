"""The four registers that people browse: datasets, systems, processing activities and vendors."""

from __future__ import annotations

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from assessments.errors import NotFound
from dashboard.inventory.query import NOW, Row, count, one, rows


@dataclass(frozen=True, slots=True)
class Register:
    """A register: its table, its key, and the text that a search looks through."""

    name: str
    key: str
    searched: tuple[str, ...]
    listing: str


DATASETS = Register(
    "datasets",
    "dataset_id",
    ("d.dataset_id", "d.name", "d.description", "s.name", "p.name"),
    f"""
    select d.dataset_id as id, d.name, d.classification, s.name as system, p.name as owner,
           d.retention_period, d.retired_on,
           (
               select count(*) from dataset_control c
               where c.dataset_id = d.dataset_id and not c.is_met and c.{NOW}
           ) as controls_missing
    from datasets d
    left join systems s on s.system_id = d.system_id and s.{NOW}
    left join people p on p.person_id = d.owner_id and p.{NOW}
    where d.{NOW}
    """,
)
SYSTEMS = Register(
    "systems",
    "system_id",
    ("s.system_id", "s.name", "s.description", "s.country"),
    f"""
    select s.system_id as id, s.name, s.kind, s.hosting, s.country, s.encrypted_at_rest,
           (select count(*) from datasets d where d.system_id = s.system_id and d.{NOW}) as datasets
    from systems s
    where s.{NOW}
    """,
)
ACTIVITIES = Register(
    "processing_activities",
    "activity_id",
    ("a.activity_id", "a.name", "a.description"),
    f"""
    select a.activity_id as id, a.name, a.lawful_basis, p.name as owner, a.retention_period,
           a.last_reviewed_on
    from processing_activities a
    left join people p on p.person_id = a.owner_id and p.{NOW}
    where a.{NOW}
    """,
)
VENDORS = Register(
    "vendors",
    "vendor_id",
    ("v.vendor_id", "v.name", "v.services", "v.country"),
    f"""
    select v.vendor_id as id, v.name, v.role, v.country, v.risk_tier,
           (select count(*) from contracts c where c.vendor_id = v.vendor_id and c.{NOW}) as contracts
    from vendors v
    where v.{NOW}
    """,
)
PROJECTS = Register(
    "projects",
    "project_id",
    ("j.project_id", "j.name", "j.description", "j.team"),
    f"""
    select j.project_id as id, j.name, j.team, j.stage, p.name as owner, j.screening_outcome,
           (select count(*) from models m where m.project_id = j.project_id and m.{NOW}) as models
    from projects j
    left join people p on p.person_id = j.owner_id and p.{NOW}
    where j.{NOW}
    """,
)


def count_entries(cursor: DuckDBPyConnection, register: Register, search: str) -> int:
    """How many entries match the search."""
    return count(cursor, _matching(register), search=_pattern(search))


def list_entries(
    cursor: DuckDBPyConnection, register: Register, search: str, limit: int, offset: int
) -> list[Row]:
    """One page of the entries that match, by name."""
    sql = f"select * from ({_matching(register)}) order by lower(name), id limit $limit offset $offset"
    return rows(cursor, sql, search=_pattern(search), limit=limit, offset=offset)


def find_entry(cursor: DuckDBPyConnection, register: Register, entry_id: str) -> Row:
    """Everything the export says about one entry today, or NotFound."""
    sql = f"select * from {register.name} where {register.key} = $id and {NOW}"
    found = one(cursor, sql, id=entry_id)
    if found is None:
        raise NotFound(
            f"There is no {entry_id[:60]} in {register.name.replace('_', ' ')}",
            "It may have been removed from the newest export.",
            field=register.key,
        )
    return found


def name_of(cursor: DuckDBPyConnection, register: Register, entry_id: str | None) -> str:
    """The name of an entry, else its id: a link never breaks a page."""
    sql = f"select name from {register.name} where {register.key} = $id and {NOW}"
    found = one(cursor, sql, id=entry_id) if entry_id else None
    return str(found["name"]) if found else (entry_id or "")


def person_name(cursor: DuckDBPyConnection, person_id: str | None) -> str:
    """The name of a person of the people export, else the id."""
    sql = f"select name from people where person_id = $id and {NOW}"
    found = one(cursor, sql, id=person_id) if person_id else None
    return str(found["name"]) if found else (person_id or "")


def people_names(cursor: DuckDBPyConnection) -> dict[str, str]:
    """Every person of the people export by id."""
    found = rows(cursor, f"select person_id, name from people where {NOW}")
    return {str(row["person_id"]): str(row["name"]) for row in found}


def _matching(register: Register) -> str:
    looked_at = " || ' ' || ".join(f"coalesce({column}, '')" for column in register.searched)
    return f"{register.listing} and lower({looked_at}) like $search escape '\\'"


def _pattern(search: str) -> str:
    text = search.strip().lower()
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return f"%{text}%"
