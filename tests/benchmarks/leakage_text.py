"""Rows a second of the search for personal data, and the ratio to Presidio's patterns.

    python -m tests.benchmarks leakage_text

Presidio lives in a virtual environment of its own, made for the run, around an empty spaCy pipeline:
no model is downloaded, so both sides look for forms and check digits and neither for names.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

OURS = """
import json, sys, time
from assessments.leakage.measurement import peak_mb
from assessments.leakage.text import evaluate
started, busy = time.perf_counter(), time.process_time()
found = evaluate(sys.argv[1])
print(json.dumps({"seconds": time.perf_counter() - started, "cpu": time.process_time() - busy, "rows": found.n,
                  "peak_mb": peak_mb(), "hits": sum(row.get("hits", 0) for row in found.tables["columns"])}))
"""
PEER = """
import csv, json, sys, time, resource
import spacy, tldextract
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine
engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "local"}])
engine.nlp = {"en": spacy.blank("en")}
analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
with open(sys.argv[1], newline="") as handle:
    texts = [row[0] for row in csv.reader(handle)][1:]
wanted = ["EMAIL_ADDRESS", "PHONE_NUMBER", "IBAN_CODE", "CREDIT_CARD", "US_SSN", "IP_ADDRESS"]
analyzer.analyze(texts[0], language="en", entities=wanted)
started, busy = time.perf_counter(), time.process_time()
hits = sum(len(analyzer.analyze(text, language="en", entities=wanted, score_threshold=0.3)) for text in texts)
print(json.dumps({"seconds": time.perf_counter() - started, "cpu": time.process_time() - busy, "rows": len(texts),
                  "hits": hits, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
SENTENCES = (
    "Order {a} was delayed by the carrier and the customer asked for a refund of {b} EUR.",
    "Ticket {a}: the app crashes with code {b} after update 4.19.{c}",
    "The invoice total is {b}, reference {a}, please check SKU {a}-{c}.",
)
PERSONAL = (
    "Reply to kim.lee{c}@example-mail.com",
    "Phone: +44 20 7946 {d}",
    "SSN 345-92-{d}",
    "Seen from 174.96.190.{c}",
    "Refund to DE67492276323256022044",
    "Card 4483435261195537",
)


def main(rows: int = 1_000_000, peer_rows: int = 2_000) -> None:
    """Print one line a side."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.csv"
        write(small, peer_rows)
        write(large, rows)
        ours = _show("ours", _run(sys.executable, OURS, large))
        _show("ours", _run(sys.executable, OURS, small))
        try:
            python = _environment(Path(folder) / "venv", "presidio-analyzer==2.2.366")
        except subprocess.CalledProcessError:
            print("Presidio: its environment cannot be made here, so there is no ratio")
            return
        peer = _show("Presidio", _run(python, PEER, small))
        ratio = (ours["rows"] / ours["cpu"]) / (peer["rows"] / peer["cpu"])
        print(f"rows per second of CPU: {ratio:.0f} times Presidio's patterns without a model")


def write(path: Path, rows: int) -> None:
    """Invented notes, four in ten with something personal."""
    rng = random.Random(7)
    with path.open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["text"])
        for _ in range(rows):
            text = rng.choice(SENTENCES) + (
                " " + rng.choice(PERSONAL) if rng.random() < 0.4 else ""
            )
            numbers = {"a": rng.randrange(10**8), "b": rng.randrange(10**5), "c": rng.randrange(99)}
            writer.writerow([text.format(**numbers, d=rng.randrange(1000, 9999))])


def _environment(folder: Path, requirement: str) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", requirement], check=True)
    return python


def _run(python: str, program: str, path: Path) -> dict[str, float]:
    answer = subprocess.run(
        [python, "-c", program, path], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def _show(who: str, found: dict[str, float]) -> dict[str, float]:
    print(
        f"{who:>8} {found['rows']:>10,} texts: {found['seconds']:8.2f} s {found['cpu']:8.2f} s CPU "
        f"{found['peak_mb']:6.0f} MB {found['hits']:>9,} hits {found['rows'] / found['seconds']:>10,.0f} rows/s"
    )
    return found


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
