"""Whether the warehouse that counts can be read; it can always be built again."""

from __future__ import annotations

import duckdb

from assessments.doctor.finding import Finding, attention, broken, in_order
from assessments.errors import NotFound, WorkbenchError
from assessments.settings import Home
from dashboard.warehouse.connect import Warehouse

REMEDY = "Load any export again; the warehouse is built from what was landed."


def check_warehouse(home: Home) -> Finding:
    """Open the generation that counts and read its newest day."""
    try:
        warehouse = Warehouse.open(home)
        try:
            day, generation = warehouse.as_of(), warehouse.generation
        finally:
            warehouse.close()
    except NotFound:
        return attention("warehouse", "Nothing has been loaded yet.", "Run: privacy load PATH")
    except (WorkbenchError, duckdb.Error, OSError) as error:
        return broken("warehouse", f"It cannot be read ({type(error).__name__}).", REMEDY)
    return in_order("warehouse", f"Generation {generation}, data until {day}.")
