"""How the lanes of this folder are called: `python -m tests.attack.LANE [HOW_MUCH]`."""

import argparse


def argument(lane: str, about: str | None, default: str) -> str:
    """Return how much is asked for; `--help` says what the lane does."""
    parser = argparse.ArgumentParser(
        prog=f"python -m tests.attack.{lane}", description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("how_much", nargs="?", default=default)
    return str(parser.parse_args().how_much)
