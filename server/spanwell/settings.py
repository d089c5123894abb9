"""Every setting of the server, declared once: flags, `SPANWELL_*` variables, `--help` and the README derive from it."""

from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

MIB = 1024 * 1024


@dataclass(frozen=True)
class Help:
    """What a setting means, as `--help` says it."""

    text: str


@dataclass(frozen=True)
class Within:
    """The least and the largest value that a number may have."""

    least: float
    largest: float = inf


AT_LEAST_ONE = Within(1)

Origins: TypeAlias = tuple[str, ...]
LogFormat: TypeAlias = Literal["text", "json"]
LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a server runs. `--max-batch-spans` is `SPANWELL_MAX_BATCH_SPANS` is `max_batch_spans`."""

    db: Annotated[str, Help("path of the DuckDB file, or :memory:")] = "./spanwell.duckdb"
    host: Annotated[str, Help("address to listen on")] = "127.0.0.1"
    port: Annotated[int, Help("port to listen on; 0 picks a free port"), Within(0, 65_535)] = 8000
    insecure: Annotated[bool, Help("allow remote access without tokens")] = False
    read_only: Annotated[bool, Help("refuse all writes")] = False
    tokens: Annotated[str, Help("path of the file of token hashes; default: the store's path plus .tokens")] = ""
    otlp_port: Annotated[
        int, Help("an additional port for OTLP only, such as the standard 4318; 0 opens none"), Within(0, 65_535)
    ] = 0
    demo: Annotated[bool, Help("fill an empty store with demo traces at startup")] = False
    read_threads: Annotated[int, Help("number of queries that DuckDB runs concurrently"), Within(1, 256)] = 4
    memory_limit: Annotated[str, Help("memory limit of DuckDB, such as 4GB; default: chosen by DuckDB")] = ""
    retain: Annotated[
        Origins,
        Help("retention periods, comma-separated: 30d for all traces, environment=dev:3d for some; default: forever"),
    ] = ()
    max_db_size: Annotated[
        int,
        Help(
            "maximum size of the store, such as 20GB, beyond which the oldest traces are deleted; 0 means nine tenths "
            "of the disk"
        ),
        Within(0),
    ] = 0
    backup_dir: Annotated[str, Help("folder for backups, required by the mutation backup")] = ""
    backup_hours: Annotated[float, Help("hours between automatic backups; 0 disables them"), Within(0, 8_760)] = 0.0
    backup_keep: Annotated[int, Help("number of backups to keep in the folder"), AT_LEAST_ONE] = 7
    upgrade_backup: Annotated[bool, Help("back up a store of an older schema version before migrating it")] = True
    upkeep_interval: Annotated[float, Help("seconds between two runs of retention"), Within(0.1, 86_400)] = 60.0
    prices: Annotated[str, Help("TOML file of model prices that override the built-in ones")] = ""
    query_timeout: Annotated[float, Help("time limit of a request in seconds"), Within(0.001, 86_400)] = 30.0
    max_body_bytes: Annotated[int, Help("maximum size of a request body after decompression"), AT_LEAST_ONE] = 64 * MIB
    max_batch_spans: Annotated[int, Help("maximum number of spans, updates or ids in a batch"), AT_LEAST_ONE] = 10_000
    max_span_bytes: Annotated[int, Help("maximum size of a span"), AT_LEAST_ONE] = 16 * MIB
    max_query_depth: Annotated[int, Help("maximum nesting depth of a query"), AT_LEAST_ONE] = 20
    max_query_fields: Annotated[
        int, Help("maximum number of fields in a query, with fragments expanded"), AT_LEAST_ONE
    ] = 2_000
    max_query_aliases: Annotated[int, Help("maximum number of aliases in a query"), AT_LEAST_ONE] = 100
    max_query_cost: Annotated[
        int, Help("maximum number of records that the pages of a query can add up to"), AT_LEAST_ONE
    ] = 100_000
    max_requests: Annotated[
        int, Help("maximum number of concurrent requests; more are refused with 503"), AT_LEAST_ONE
    ] = 64
    max_held_bytes: Annotated[
        int,
        Help("maximum total size of the request bodies in memory; more are refused with 503"),
        AT_LEAST_ONE,
    ] = 128 * MIB
    rate_limit: Annotated[
        float,
        Help("maximum requests per second for each token, or for each address without tokens; 0 means no limit"),
        Within(0, 1_000_000),
    ] = 0.0
    max_answer_bytes: Annotated[int, Help("maximum size of a response"), AT_LEAST_ONE] = 64 * MIB
    max_streams: Annotated[int, Help("maximum number of open WebSockets and event streams"), AT_LEAST_ONE] = 2_000
    max_socket_operations: Annotated[
        int, Help("maximum number of concurrent operations on a WebSocket"), AT_LEAST_ONE
    ] = 100
    introspection: Annotated[bool, Help("allow introspection, which the playground needs")] = True
    get_queries: Annotated[bool, Help("allow queries over GET as well as POST")] = True
    dashboard: Annotated[bool, Help("serve the dashboard at /; otherwise / is the playground")] = True
    playground: Annotated[bool, Help("serve the playground page")] = True
    trusted_documents: Annotated[str, Help("folder of GraphQL documents that clients can refer to by hash or id")] = ""
    trusted_only: Annotated[
        bool, Help("run trusted documents only; this disables the dashboard and the playground")
    ] = False
    prepare_processes: Annotated[
        int,
        Help("maximum number of worker processes that decode large batches, started on demand"),
        Within(0, 64),
    ] = 2
    clear_all: Annotated[bool, Help("allow the mutation dangerouslyClearAll")] = True
    cors_origins: Annotated[
        Origins, Help("CORS: comma-separated origins whose pages may call the server; * for all, without credentials")
    ] = ()
    allowed_hosts: Annotated[
        Origins,
        Help("comma-separated host names to accept besides localhost, --host and IP addresses; * for all"),
    ] = ()
    trusted_proxies: Annotated[
        Origins,
        Help(
            "comma-separated addresses or networks of proxies whose X-Forwarded-For, -Proto and -Host headers are "
            "trusted"
        ),
    ] = ()
    root_path: Annotated[str, Help("path prefix under which a proxy serves the server, such as /spanwell")] = ""
    trace_to: Annotated[
        str, Help("destination of the server's own traces: self, or the URL of an OTLP receiver; default: none")
    ] = ""
    log_level: Annotated[LogLevel, Help("debug (logs every request), info, warning or error")] = "info"
    log_format: Annotated[LogFormat, Help("text or json, one line per event")] = "text"
    slow_queries: Annotated[
        float, Help("log queries that take longer than this many seconds, with their SQL; 0 disables it"), Within(0)
    ] = 2.0
    slow_plans: Annotated[bool, Help("also log the query plans of slow queries")] = False


def tokens_path(settings: Settings) -> Path | None:
    """Return where the tokens of a store are kept; None of a store in memory without a file for them."""
    if settings.tokens:
        return Path(settings.tokens)
    return None if settings.db == ":memory:" else Path(f"{settings.db}.tokens")


def shows(settings: Settings, page: Literal["dashboard", "playground"]) -> bool:
    """Return whether a page is served: none is where the documents that it sends are not answered."""
    return not settings.trusted_only and bool(getattr(settings, page))
