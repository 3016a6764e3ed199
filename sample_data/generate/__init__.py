"""Writes the sample exports: authored words, a fixed seed, and planted problems with known counts."""
