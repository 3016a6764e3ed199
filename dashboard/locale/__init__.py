"""The catalogues of the interface, and the tool that keeps them complete (``python -m dashboard.locale``)."""
