"""Queries that answer questions of an assessment from the inventory."""
