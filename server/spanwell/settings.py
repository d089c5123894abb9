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

    db: Annotated[str, Help("the DuckDB file that holds the spans, or :memory:")] = "./spanwell.duckdb"
    host: Annotated[str, Help("the address to listen on")] = "127.0.0.1"
    port: Annotated[int, Help("the port to listen on; 0 takes a free one"), Within(0, 65_535)] = 8000
    insecure: Annotated[bool, Help("let everybody who can reach the server in while there are no tokens")] = False
    read_only: Annotated[bool, Help("answer queries and refuse whatever writes")] = False
    tokens: Annotated[
        str, Help("the file that holds the hashes of tokens; empty for the name of the store with .tokens")
    ] = ""
    otlp_port: Annotated[
        int, Help("a second port for OTLP alone, such as OpenTelemetry's own 4318; 0 opens none"), Within(0, 65_535)
    ] = 0
    demo: Annotated[bool, Help("fill an empty store with demo traces at start")] = False
    read_threads: Annotated[int, Help("how many queries DuckDB answers at the same time"), Within(1, 256)] = 4
    memory_limit: Annotated[str, Help("how much memory DuckDB may take, such as 4GB; empty for its own default")] = ""
    retain: Annotated[
        Origins,
        Help("how long traces are kept, comma-separated: 30d for all, environment=dev:3d for some; default: for ever"),
    ] = ()
    max_db_size: Annotated[
        int, Help("the size, such as 20GB, beyond which the oldest traces go; 0 is nine tenths of the disk"), Within(0)
    ] = 0
    backup_dir: Annotated[str, Help("the folder for backups; without one the mutation backup is refused")] = ""
    backup_hours: Annotated[
        float, Help("hours between two backups into that folder; 0 makes none by itself"), Within(0, 8_760)
    ] = 0.0
    backup_keep: Annotated[int, Help("how many backups stay in the folder"), AT_LEAST_ONE] = 7
    upgrade_backup: Annotated[
        bool, Help("copy a store of an older version, beside it, before it is brought forward")
    ] = True
    upkeep_interval: Annotated[
        float, Help("seconds between two looks for traces that are no longer to be kept"), Within(0.1, 86_400)
    ] = 60.0
    prices: Annotated[str, Help("a file of model prices, in TOML, that come before the built-in list")] = ""
    query_timeout: Annotated[float, Help("seconds after which a request is given up"), Within(0.001, 86_400)] = 30.0
    max_body_bytes: Annotated[int, Help("the largest request body, after decompression"), AT_LEAST_ONE] = 64 * MIB
    max_batch_spans: Annotated[int, Help("the most spans, updates or ids in one batch"), AT_LEAST_ONE] = 10_000
    max_span_bytes: Annotated[int, Help("the largest text of one span, JSON included"), AT_LEAST_ONE] = 16 * MIB
    max_query_depth: Annotated[int, Help("the deepest nesting of fields in a query"), AT_LEAST_ONE] = 20
    max_query_fields: Annotated[
        int, Help("the most fields in a query, fragments counted where they are spread"), AT_LEAST_ONE
    ] = 2_000
    max_query_aliases: Annotated[int, Help("the most aliases in a query"), AT_LEAST_ONE] = 100
    max_query_cost: Annotated[int, Help("the most records that the pages of a query may add up to"), AT_LEAST_ONE] = (
        100_000
    )
    max_requests: Annotated[
        int, Help("the most requests that are worked on at the same time; more are refused with 503"), AT_LEAST_ONE
    ] = 64
    max_held_bytes: Annotated[
        int,
        Help("the most bytes of request bodies that are held at the same time; more are refused with 503"),
        AT_LEAST_ONE,
    ] = 128 * MIB
    rate_limit: Annotated[
        float,
        Help("requests a second that one token, or without tokens one address, may send; 0 sets no limit"),
        Within(0, 1_000_000),
    ] = 0.0
    max_answer_bytes: Annotated[int, Help("the most text that one answer may hold"), AT_LEAST_ONE] = 64 * MIB
    max_streams: Annotated[int, Help("the most WebSockets and event streams open at the same time"), AT_LEAST_ONE] = (
        2_000
    )
    max_socket_operations: Annotated[
        int, Help("the most operations that one WebSocket runs at the same time"), AT_LEAST_ONE
    ] = 100
    introspection: Annotated[bool, Help("answer questions about the schema, which the playground asks")] = True
    get_queries: Annotated[
        bool, Help("answer queries that are sent by GET, as links and caches do; without it POST alone")
    ] = True
    dashboard: Annotated[bool, Help("serve the dashboard at /; without it / is the playground")] = True
    playground: Annotated[bool, Help("serve the playground page")] = True
    trusted_documents: Annotated[
        str, Help("a folder of GraphQL documents that clients may name by hash or id instead of sending them")
    ] = ""
    trusted_only: Annotated[
        bool, Help("answer trusted documents alone; then there is neither a dashboard nor a playground")
    ] = False
    prepare_processes: Annotated[
        int,
        Help("how many processes may read big batches beside the server, started when needed"),
        Within(0, 64),
    ] = 2
    clear_all: Annotated[bool, Help("allow the mutation dangerouslyClearAll")] = True
    cors_origins: Annotated[
        Origins, Help("origins whose pages may call the server, comma-separated; * for all, without credentials")
    ] = ()
    allowed_hosts: Annotated[
        Origins,
        Help("host names the server answers to, comma-separated, beside loopback, --host and every address; * for all"),
    ] = ()
    trusted_proxies: Annotated[
        Origins, Help("addresses or networks of proxies whose X-Forwarded-For, -Proto and -Host count, comma-separated")
    ] = ()
    root_path: Annotated[str, Help("the path below which a proxy serves the server, such as /spanwell")] = ""
    trace_to: Annotated[
        str, Help("where traces of the server's own work go: self, or the URL of an OTLP receiver; empty for nowhere")
    ] = ""
    log_level: Annotated[LogLevel, Help("debug, which logs every request, info, warning or error")] = "info"
    log_format: Annotated[LogFormat, Help("text or json; either way a line for each event")] = "text"
    slow_queries: Annotated[
        float, Help("seconds after which a query is logged with its SQL; 0 logs none"), Within(0)
    ] = 2.0
    slow_plans: Annotated[bool, Help("log the plans of slow queries as well")] = False


def tokens_path(settings: Settings) -> Path | None:
    """Return where the tokens of a store are kept; None of a store in memory without a file for them."""
    if settings.tokens:
        return Path(settings.tokens)
    return None if settings.db == ":memory:" else Path(f"{settings.db}.tokens")


def shows(settings: Settings, page: Literal["dashboard", "playground"]) -> bool:
    """Return whether a page is served: none is where the documents that it sends are not answered."""
    return not settings.trusted_only and bool(getattr(settings, page))
