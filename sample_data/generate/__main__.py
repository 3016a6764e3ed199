"""python -m sample_data.generate --out DIR"""

import argparse
from pathlib import Path

from sample_data import FOLDER
from sample_data.generate.company import build_company
from sample_data.generate.truth import write_truth
from sample_data.generate.write import write_csv, write_events


def generate(out: Path) -> None:
    """Write exports/ and truth.yaml below a folder."""
    exports = out / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    company = build_company()
    for kind, rows in company.tables.items():
        write_csv(exports, kind, rows)
    write_events(exports, company.events)
    write_truth(out / "truth.yaml", company)


def main() -> None:
    """Read the folder from the command line."""
    parser = argparse.ArgumentParser(description="Write the sample exports from a fixed seed.")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder that gets exports/")
    generate(parser.parse_args().out)


if __name__ == "__main__":
    main()
