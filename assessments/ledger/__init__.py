"""The append-only record of every change: an RFC 6962 Merkle tree beside the records."""
