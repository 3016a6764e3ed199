"""Reports: from a frozen assessment record to a PDF/A-3a that carries the record."""
