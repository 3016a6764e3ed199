"""Reports: typeset, sign, stamp the pack, verify; beside pdfsig and openssl on the same file."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import rfc8785

from assessments.reports.edition import make_edition
from assessments.reports.render import render_report
from assessments.signing.pdf import sign_report
from assessments.signing.verify import verify
from tests.assessments.reports.dpia import make_record
from tests.assessments.signing.signed_pack import PEOPLE, build, new_authority, passphrase

CHECKER = Path(__file__).resolve().parents[2] / "docs" / "verify" / "check_pack.py"


def main() -> None:
    """Print one line a figure."""
    record = rfc8785.dumps(make_record() | {"seed": "5e" * 32})
    authority = new_authority()
    made = build(authority, record)
    with tempfile.TemporaryDirectory() as folder:
        pack, root, report = (Path(folder) / name for name in ("pack.zip", "root.crt", "r.pdf"))
        pack.write_bytes(made.pack.zip())
        root.write_bytes(made.root)
        report.write_bytes(made.report)
        author = PEOPLE["author"][0]
        key = authority.document_key(author, passphrase(author))
        print(f"report: {len(made.base):,} bytes typeset, {len(made.report):,} signed, "
              f"pack {pack.stat().st_size:,}")  # fmt: skip
        _time("typeset the report", lambda: render_report(record), 10)
        _time("one signature", lambda: sign_report(made.base, "author", key, reason="x"), 5)
        _time("open a key, 600,000 rounds",
              lambda: authority.document_key(author, passphrase(author)), 3)  # fmt: skip
        _time(
            "redacted edition",
            lambda: make_edition(dict(made.pack.files), frozenset({"people"})),
            3,
        )
        _time("privacy verify, all checks in a process with limits",
              lambda: verify(pack, trust_root=root), 3)  # fmt: skip
        _time("check_pack.py, standard library alone",
              lambda: _run("python3", "-I", CHECKER, pack, root), 3)  # fmt: skip
        _time("pdfsig, signatures alone", lambda: _run("pdfsig", report), 3)


def _run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def _time(what: str, work: Callable[[], object], times: int) -> None:
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        spent.append((time.perf_counter() - started) * 1000)
    print(f"{what}: median {statistics.median(spent):,.0f} ms, max {max(spent):,.0f} ms")


if __name__ == "__main__":
    main()
