"""Reading the inventory for pages: what the landed exports say today, by SQL, a page at a time."""
