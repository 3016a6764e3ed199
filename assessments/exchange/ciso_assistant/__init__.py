"""CISO Assistant's register of processings, read and written."""

from assessments.exchange.ciso_assistant.read import FORMAT
from assessments.exchange.ciso_assistant.write import write_book, write_flat

__all__ = ["FORMAT", "write_book", "write_flat"]
