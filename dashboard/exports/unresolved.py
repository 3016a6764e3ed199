"""Resources of audit logs that no entry of the resource map names; the most used ones first."""

from __future__ import annotations

from assessments.settings import Home
from dashboard.exports.landing import LANDED, open_landing

MOST = 1000


def find_unresolved(home: Home, most: int = MOST) -> list[tuple[str, str, int, str]]:
    """Source, resource, events and the day of the last one."""
    with open_landing(home, write=False) as connection:
        found = connection.execute(
            "select source, resource, count(*) as events, cast(max(cast(ts as date)) as varchar) "
            f"from {LANDED}.audit_events where dataset_id is null and reaches_data "
            "group by source, resource order by events desc, source, resource limit ?",
            [most],
        ).fetchall()
    return [(str(s), str(r), int(n), str(day)) for s, r, n, day in found]
