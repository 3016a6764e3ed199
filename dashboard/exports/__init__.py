"""What comes in: contracts, readers, checks, quarantine and landing of exports."""
