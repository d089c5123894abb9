"""The command `spanwell`. Each command is a module of `commands`, imported only when it is asked for."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from spanwell.observability.model.errors import SpanwellError

from . import __version__
from .collector import no_collections
from .commands import CommandFailed
from .options import BadSetting, add_options

COMMANDS = {
    "serve": "serve GraphQL and OTLP over HTTP",
    "import": "import spans from files into a store",
    "export": "export spans, traces, scores or feedback from a store or a running server",
    "demo": "generate realistic demo traces",
    "stats": "summarize the contents of a store",
    "backup": "copy a store to a single file, even while a server is writing to it",
    "check": "verify a store or a backup by reading all of it",
    "restore": "restore a store from a backup, or salvage a damaged one",
    "prune": "delete expired traces from a store that no server has open",
    "compact": "rewrite a store to reclaim the space of deleted data",
    "token": "create, list and revoke access tokens",
    "explain": "show the SQL that a GraphQL query runs",
    "schema": "print the GraphQL schema",
}

_LISTS = ("spans", "traces", "scores", "feedback")
_URL = "read from a running server instead of a file, such as http://127.0.0.1:8000; set SPANWELL_TOKEN to authenticate"


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(prog="spanwell", description="A GraphQL trace query server on DuckDB.")
    parser.add_argument("--version", action="version", version=f"spanwell {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        _arguments(name, command)
    return parser


def _arguments(name: str, command: argparse.ArgumentParser) -> None:
    match name:
        case "serve":
            add_options(command)
        case "import":
            add_options(command, "db", "prices")
            command.add_argument(
                "files",
                nargs="+",
                metavar="FILE",
                help="a file of spans; the format is detected: Parquet, JSON Lines, OTLP, or JSON from Jaeger, Zipkin, "
                "Langfuse and other tools",
            )
        case "export":
            _export_arguments(command)
        case "demo":
            add_options(command, "db")
            command.add_argument("--traces", type=_count, default=1000, help="number of traces to generate [1000]")
            command.add_argument(
                "--seed",
                type=int,
                default=1,
                help="seed of the random generator; the same seed gives the same traces [1]",
            )
            command.add_argument("--out", metavar="FILE", help="write JSON Lines to a file instead of a store")
        case "stats":
            add_options(command, "db")
            command.add_argument("--json", action="store_true", help="print JSON")
            command.add_argument("--url", help=_URL)
        case "token":
            import_module("spanwell.commands.token_command").add_arguments(command)
        case "explain":
            command.add_argument("query", metavar="QUERY", help="a GraphQL query, such as '{ traces { totalCount } }'")
        case _:
            _upkeep_arguments(name, command)


def _export_arguments(command: argparse.ArgumentParser) -> None:
    add_options(command, "db")
    command.add_argument(
        "--format",
        choices=("jsonl", "otlp", "otlp-json", "csv", "parquet", "arrow"),
        default="jsonl",
        help="jsonl: one record per line; otlp: OTLP/JSON requests, with the fields that OTLP has; csv, "
        "parquet and arrow (the stream format): tables; otlp-json is an alias of otlp [jsonl]",
    )
    command.add_argument("--filter", metavar="JSON", help="the filter of the list in the API, as JSON [all records]")
    command.add_argument("--records", choices=_LISTS, default="spans", help="what to export [spans]")
    command.add_argument("--fields", metavar="NAMES", help="comma-separated field names, as in the API [all]")
    command.add_argument(
        "--order-by",
        metavar="JSON",
        help="the order of the list in the API as JSON, or a list of them [oldest first]",
    )
    command.add_argument("--url", help=_URL)
    command.add_argument("--out", metavar="FILE", help="write to a file instead of standard output")


def _upkeep_arguments(name: str, command: argparse.ArgumentParser) -> None:
    match name:
        case "backup":
            add_options(command, "db")
            command.add_argument(
                "target", metavar="DEST", help="the file to create, or a folder to create a timestamped file in"
            )
        case "check":
            add_options(command, "db")
            command.add_argument("file", nargs="?", metavar="FILE", help="a backup to verify instead of the store")
        case "restore":
            add_options(command, "db")
            command.add_argument("backup", nargs="?", metavar="BACKUP", help="a file made by `spanwell backup`")
            command.add_argument("--salvage", action="store_true", help="salvage what can be read of a damaged store")
        case "prune":
            add_options(command, "db", "retain", "max_db_size")
            command.add_argument(
                "--dry-run", action="store_true", help="show what would be deleted without deleting it"
            )
        case "compact":
            add_options(command, "db")
        case _:
            pass


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive integer")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 if all went well, 2 if something has to be put right first."""
    parser = make_parser()
    parsed = parser.parse_args(arguments)
    if parsed.command is None:
        parser.print_help()
        return 0
    with no_collections():
        module = import_module(f"spanwell.commands.{parsed.command}_command")
    try:
        code: int = module.run(parsed)
    except KeyboardInterrupt:
        return _say("Stopped.", 130)
    except (BadSetting, CommandFailed, SpanwellError) as error:
        return _say(str(error), 2)
    return code


def _say(sentence: str, code: int) -> int:
    print(f"spanwell: {sentence}", file=sys.stderr)  # noqa: T201 - a command line speaks by printing
    return code
