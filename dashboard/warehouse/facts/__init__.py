"""Facts from the inventory that answer questions of an assessment; one SQL file a source."""

from dashboard.warehouse.facts.source import WarehouseFacts, find_query, list_sources

__all__ = ["WarehouseFacts", "find_query", "list_sources"]
