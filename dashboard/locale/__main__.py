"""``python -m dashboard.locale``: renew the catalogues and say what is still to be translated."""

from __future__ import annotations

import sys

from dashboard.locale.catalogues import problems, renew
from dashboard.locale.collect import undeclared


def main() -> int:
    """Exit 1 while anything is missing."""
    for name, (messages, missing) in renew().items():
        sys.stdout.write(f"{name}: {messages} messages, {missing} to translate\n")
    found = [f"{problem.language}: {problem.what}: {problem.message}" for problem in problems()]
    found += [f"not declared: {call}" for call in undeclared()]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
