"""Other engines for the same KPI texts: what may be written, how it is translated, and what was shown equal."""
