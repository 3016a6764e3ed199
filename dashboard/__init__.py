"""What people see and what comes in: exports, warehouse, KPIs, pages and the command line."""
