"""Looking at access while it happens: what is unusual, and for whom."""
