"""One module a file format. Each stages every record of a file, damaged ones with the reason."""
