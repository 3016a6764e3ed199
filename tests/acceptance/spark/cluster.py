"""A standalone Spark on loopback: one master and two workers of one core, ended with the test.

The wheel of PySpark has no start scripts, so the classes are started directly.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HOST = "127.0.0.1"
WORKERS = 2
PATIENCE_SECONDS = 120
_MASTER = re.compile(r"Starting Spark master at (spark://\S+)")
_JOINED = "Registering worker"


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of a running master with its workers registered."""
    log = folder / "master.log"
    with ExitStack() as stack:
        stack.enter_context(
            _process(log, "master.Master", "--host", HOST, "--port", "0", "--webui-port", "0")
        )
        address = _wait_for(log, lambda text: found[1] if (found := _MASTER.search(text)) else None)
        for number in range(WORKERS):
            stack.enter_context(
                _process(folder / f"worker-{number}.log", "worker.Worker", "--host", HOST, "-c", "1", "-m", "1g",
                         "--webui-port", "0", "-d", str(folder / f"work-{number}"), address)
            )  # fmt: skip
        _wait_for(log, lambda text: address if text.count(_JOINED) >= WORKERS else None)
        yield address


@contextmanager
def _process(log: Path, name: str, *arguments: str) -> Iterator[None]:
    import pyspark

    launcher = Path(pyspark.__file__).parent / "bin" / "spark-class"
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(launcher), f"org.apache.spark.deploy.{name}", *arguments],
            stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "SPARK_LOCAL_IP": HOST},
        )  # fmt: skip
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(log: Path, found_in) -> str:  # type: ignore[no-untyped-def]
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = found_in(log.read_text("utf-8", "replace"))
        if found:
            return found
        time.sleep(0.3)
    raise AssertionError(log.read_text("utf-8", "replace")[-2000:])
