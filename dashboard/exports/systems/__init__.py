"""One module a source system: its own files, read as they are, into the export contracts."""
