"""One contract file an export kind."""
