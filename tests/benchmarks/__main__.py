"""``python -m tests.benchmarks [NAME...]``: every benchmark, or those named."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

names = sorted(
    module.name
    for module in pkgutil.iter_modules([str(Path(__file__).parent)])
    if not module.name.startswith("_")
)
for name in sys.argv[1:] or names:
    print(f"== {name}", flush=True)
    importlib.import_module(f"tests.benchmarks.{name}").main()
