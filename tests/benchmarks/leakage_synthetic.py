"""Time of the attacks on a synthetic release, and the ratio to Anonymeter on the same tables.

    python tests/benchmarks/leakage_synthetic.py [ROWS]

On invented people, and on Anonymeter's own sample (Adult and its CTGAN release) where that is at
hand. Compared is time of CPU, over all threads, which other work on the machine does not change.
Anonymeter lives in a virtual environment of its own, made for the run: its pins clash with ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import numpy as np
import pandas as pd

SAMPLE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "leakage" / "anonymeter"
OURS = """
import json, sys, time
import numpy as np
from assessments.leakage.relation import open_relations
from assessments.leakage.synthetic import inference, linkability, singling_out
from assessments.leakage.synthetic.tables import encode
with open_relations(*sys.argv[1:], ordered=True) as relations:
    train, made, held = encode(relations)
rng, spent = np.random.default_rng(0), {}
def clock(name, run):
    started = time.process_time()
    run()
    spent[name] = time.process_time() - started
last = len(train.names) - 1
clock("singling_out_univariate", lambda: singling_out.univariate(train, made, held, 500, rng))
clock("singling_out_multivariate", lambda: singling_out.multivariate(train, made, held, 500, rng))
clock("linkability", lambda: linkability.measure(train, made, held, (range(4), range(4, last + 1)), 1000, rng, 10))
clock("inference", lambda: inference.measure(train, made, held, last, range(last), 1000, rng))
print(json.dumps(spent))
"""
PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import pandas as pd
from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator
train, made, held = (pd.read_csv(path) for path in sys.argv[1:])
names, spent = list(train), {}
def clock(name, evaluator, **words):
    started = time.process_time()
    evaluator.evaluate(**words)
    spent[name] = time.process_time() - started
clock("singling_out_univariate", SinglingOutEvaluator(train, made, control=held, n_attacks=500), mode="univariate")
clock("singling_out_multivariate", SinglingOutEvaluator(train, made, control=held, n_attacks=500, n_cols=4), mode="multivariate")
clock("linkability", LinkabilityEvaluator(train, made, aux_cols=(names[:4], names[4:]), control=held, n_attacks=1000, n_neighbors=10), n_jobs=1)
clock("inference", InferenceEvaluator(train, made, aux_cols=names[:-1], secret=names[-1], control=held, n_attacks=1000), n_jobs=1)
print(json.dumps(spent))
"""


def main(rows: int = 20_000) -> None:
    """Print one line an attack."""
    with tempfile.TemporaryDirectory() as folder:
        python = _environment(Path(folder) / "venv", "anonymeter==1.1.0")
        paths = [Path(folder) / f"{name}.csv" for name in ("original", "synthetic", "control")]
        for seed, path in enumerate(paths):
            _people(rows, seed).to_csv(path, index=False)
        _compare(f"{rows:,} invented rows", python, paths)
        if SAMPLE.is_dir():
            real = pd.read_csv(SAMPLE / "adults_control.csv").sample(frac=1, random_state=3)
            real[: len(real) // 2].to_csv(paths[0], index=False)
            real[len(real) // 2 :].to_csv(paths[2], index=False)
            paths[1] = SAMPLE / "adults_syn_ctgan.csv"
            _compare("Anonymeter's sample", python, paths)


def _compare(title: str, python: str, paths: list[Path]) -> None:
    ours, peer = _run(sys.executable, OURS, paths), _run(python, PEER, paths)
    print(title)
    for name, spent in ours.items():
        print(
            f"  {name:<26} {spent:7.2f} s CPU, Anonymeter {peer[name]:7.2f} s CPU, {peer[name] / spent:6.1f} times"
        )
    print(
        f"  {'together':<26} {sum(peer.values()) / sum(ours.values()):.1f} times less time of CPU"
    )


def _people(rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = {f"number{i}": rng.integers(0, 90, rows) for i in range(5)}
    table |= {f"text{i}": rng.choice([f"v{j}" for j in range(3 + 5 * i)], rows) for i in range(8)}
    return pd.DataFrame(table | {"secret": rng.choice(["high", "low"], rows, p=[0.25, 0.75])})


def _environment(folder: Path, requirement: str) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", requirement], check=True)
    return python


def _run(python: str, program: str, paths: list[Path]) -> dict[str, float]:
    command = [python, "-c", program, *map(str, paths)]
    found: dict[str, float] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    )
    return found


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
