"""``python -m dashboard`` is the same as ``privacy``."""

from dashboard.cli import main

main()
