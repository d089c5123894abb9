"""`spanwell schema`."""

import argparse
import sys

from spanwell.graphql.schema import print_schema


def run(_: argparse.Namespace) -> int:
    """Print the GraphQL schema."""
    sys.stdout.write(print_schema())
    return 0
