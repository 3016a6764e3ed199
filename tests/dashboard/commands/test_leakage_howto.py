"""The how-to on leakage: its commands run on small files, and it shows every command there is."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from dashboard.cli import cli

PAGE = Path(__file__).resolve().parents[3] / "docs/how-to/measure-leakage.md"
LINES = [line for block in re.findall(r"```\n(.*?)```", PAGE.read_text("utf-8"), re.S) for line in block.splitlines()]  # fmt: skip
OF_A_HOME = {"register", "sign", "key", "measurements", "accept", "withdraw", "budget"}


def words(line: str) -> list[str]:
    return shlex.split(line.partition(" > ")[0])[1:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("howto")
    rng = np.random.default_rng(0)

    def save(name: str, **columns: Any) -> None:
        pd.DataFrame(columns).to_csv(made / f"{name}.csv", index=False)

    for name in ("people", "panel", "made", "others", "rebuilt", "imputed"):
        save(name, age=rng.integers(20, 60, 150), zip=rng.integers(0, 9, 150), sick=rng.integers(0, 2, 150))  # fmt: skip
    save("features", f1=rng.normal(size=300), f2=rng.normal(size=300), sick=rng.integers(0, 2, 300))
    coins = rng.integers(0, 2, 300)
    save("target", id=range(300), logit=rng.normal(size=300) + coins, member=coins)
    signals = {f"logit_{i}": rng.normal(size=300) for i in range(3)}
    save("references", id=range(300), **signals, **{f"member_{i}": rng.integers(0, 2, 300) for i in range(3)})  # fmt: skip
    save("canaries", logit=rng.normal(size=300) + 0.2 * coins, member=coins)
    save("guesses", truth=coins, attack=coins, imputation=rng.integers(0, 2, 300), member=rng.permutation(coins))  # fmt: skip
    save("notes", note=["Nobody was at home.", "Ask Edith Brandt on Monday."])
    phrase = "the meter in the cellar turns even when every switch is off"
    for name in ("outputs", "training", "fresh"):
        save(name, text=[f"{name} {i} {phrase if name != 'fresh' else ''} {rng.integers(9**9)}" for i in range(60)])  # fmt: skip
    save("inserted", log_likelihood=rng.normal(size=20))
    save("left_out", log_likelihood=rng.normal(size=200))
    (made / "ages.csv").write_text("".join(f"{a};{a // 10 * 10}-{a // 10 * 10 + 9};*\n" for a in range(20, 60)))  # fmt: skip
    (made / "names.txt").write_text("Edith\n")
    (made / "federated.yaml").write_text("min_fit_clients: 300\n")
    (made / "opacus.json").write_text(json.dumps({"history": [[1.1, 0.01, 100]], "delta": 1e-5}))
    for name in ("result.json", "build.pem", "build.pub.pem", "result.dsse"):
        (made / name).write_text("{}")
    return made


def test_the_page_shows_every_command() -> None:
    group = cli.commands["leakage"]
    assert isinstance(group, click.Group)
    assert {words(line)[1] for line in LINES} == set(group.commands)


@pytest.mark.parametrize("line", LINES)
def test_a_command_of_the_page_runs(
    line: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs a home, people and keys is only parsed here; its own tests run it."""
    monkeypatch.chdir(folder)
    given = words(line)
    if given[1] in OF_A_HOME:
        command: click.Command = cli.commands["leakage"]
        while isinstance(command, click.Group):
            name, *given = given[1:] if command is cli.commands["leakage"] else given
            command = command.commands[name]
        command.make_context(command.name, given, parent=None)
        return
    result = CliRunner().invoke(cli, ["--home", str(tmp_path), *given])
    assert result.exit_code in {0, 1, 3}, f"{result.output}{result.exception!r}"
    assert not isinstance(result.exception, Exception)
    target = line.partition(" > ")[2]
    if target:
        (folder / target).write_text(result.stdout)
