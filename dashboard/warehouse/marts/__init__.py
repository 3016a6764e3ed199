"""Marts: tables that KPIs read beside the kinds; one `create` a file, in the order of its number."""
