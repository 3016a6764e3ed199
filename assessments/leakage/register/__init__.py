"""Measurements that are kept: whose they are, who signed or accepted them, and which of them count."""
