"""The warehouse: built aside from landed exports and a copy of the records, read-only for everybody."""
