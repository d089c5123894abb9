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
    "serve": "answer GraphQL over HTTP",
    "import": "read spans from files of many formats into a store",
    "export": "write the spans or traces of a store, or of a running server, for `import` and other tools",
    "demo": "write realistic demo traces into a store, or into a file",
    "stats": "say what a store holds",
    "backup": "copy a store into one file, also while a server writes to it (a snapshot for other tools)",
    "check": "read all of a store, or of a backup, and say whether it is whole",
    "restore": "put a backup in the place of a store, or keep what can be read of a damaged one",
    "prune": "delete traces that are no longer to be kept, from a store that no server has open",
    "compact": "write a store into a new file without the room of what was deleted",
    "token": "make, list and revoke tokens, by which a server knows who may do what",
    "explain": "show the SQL that a GraphQL query is answered with",
    "schema": "print the GraphQL schema",
}

_URL = (
    "a running server to read from instead of a file, such as http://127.0.0.1:8000; the environment variable "
    "SPANWELL_TOKEN may hold a token for it"
)


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
                help="a file of spans: Parquet, JSON Lines, OTLP, or JSON of Jaeger, Zipkin or Langfuse",
            )
        case "export":
            add_options(command, "db")
            command.add_argument(
                "--format",
                choices=("jsonl", "otlp", "otlp-json", "csv", "parquet", "arrow"),
                default="jsonl",
                help="a record a line, requests of OTLP/JSON with the fields that OTLP has, or a table: CSV, Parquet, "
                "or Arrow's stream format; otlp-json is another name for otlp [jsonl]",
            )
            command.add_argument(
                "--filter", metavar="JSON", help="a `SpanFilter` or `TraceFilter` as JSON; all if left out"
            )
            command.add_argument("--records", choices=("spans", "traces"), default="spans", help="which list [spans]")
            command.add_argument("--fields", metavar="NAMES", help="fields by the API's names, with commas between")
            command.add_argument(
                "--order-by", metavar="JSON", help="a `SpanOrder` or `TraceOrder`, or a list of them; oldest first"
            )
            command.add_argument("--url", help=_URL)
            command.add_argument("--out", metavar="FILE", help="write into a file instead of standard output")
        case "demo":
            add_options(command, "db")
            command.add_argument("--traces", type=_count, default=1000, help="how many traces to make [1000]")
            command.add_argument("--seed", type=int, default=1, help="the same seed makes the same traces [1]")
            command.add_argument("--out", metavar="FILE", help="write JSON Lines into a file instead of a store")
        case "stats":
            add_options(command, "db")
            command.add_argument("--json", action="store_true", help="as JSON, for programs")
            command.add_argument("--url", help=_URL)
        case "token":
            import_module("spanwell.commands.token_command").add_arguments(command)
        case "explain":
            command.add_argument("query", metavar="QUERY", help="a GraphQL query, such as '{ traces { totalCount } }'")
        case _:
            _upkeep_arguments(name, command)


def _upkeep_arguments(name: str, command: argparse.ArgumentParser) -> None:
    match name:
        case "backup":
            add_options(command, "db")
            command.add_argument("target", metavar="DEST", help="the new file, or a folder that gets one named for now")
        case "check":
            add_options(command, "db")
            command.add_argument("file", nargs="?", metavar="FILE", help="a backup, instead of the store of --db")
        case "restore":
            add_options(command, "db")
            command.add_argument("backup", nargs="?", metavar="BACKUP", help="a file that `spanwell backup` made")
            command.add_argument("--salvage", action="store_true", help="keep what can be read of a damaged store")
        case "prune":
            add_options(command, "db", "retain", "max_db_size")
            command.add_argument("--dry-run", action="store_true", help="say what would be deleted, and delete nothing")
        case "compact":
            add_options(command, "db")
        case _:
            pass


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
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
