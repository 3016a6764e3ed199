"""Figures beside those of a named peer, printed and never asserted."""
