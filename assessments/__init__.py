"""The core of Privacy Workbench: what an assessment is, how it is measured, decided, signed and verified."""
