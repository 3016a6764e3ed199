"""What the release gate asks the warehouse."""
