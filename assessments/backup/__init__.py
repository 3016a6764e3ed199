"""Backup and restore: encrypted archives (age v1) of records, ledger, evidence and reports; keys apart."""
