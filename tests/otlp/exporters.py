"""`python -m tests.otlp.exporters [COUNT]`: OpenTelemetry's own exporters against a server behind faulty proxies.

Sends COUNT spans in all (100,000 unless told otherwise) with the exporters of the Python and the JavaScript SDK, and
tells whether every span is stored exactly once. A slow lane of its own: it needs Node, and npm's registry for the
JavaScript SDK, which stays under `--cache` for the next time.
"""

import argparse
import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from tests.running import ROOT, serving

from .faulty_proxy import FaultyProxy

_SDKS = Path(__file__).parent / "sdks"
_JS = (
    *("@opentelemetry/api@1", "@opentelemetry/resources@2", "@opentelemetry/sdk-trace-base@2"),
    *("@opentelemetry/exporter-trace-otlp-http@0.223", "@opentelemetry/exporter-trace-otlp-proto@0.223"),
)


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def js_sdk(cache: Path) -> Path:
    """Return the folder with the JavaScript SDK, which is installed if it is not there yet."""
    folder = cache / "js"
    if not (folder / "node_modules").exists():
        say("Installing the JavaScript SDK ...")
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, *_JS], check=True)  # noqa: S607 - whichever npm there is
    return folder


def try_example(folder: Path, url: str) -> None:
    """Run the example of the JavaScript SDK, beside the packages that it imports."""
    script = shutil.copy(ROOT / "frontend_examples" / "ingest" / "opentelemetry_js.mjs", folder)
    done = subprocess.run(["node", script, f"{url}/v1/traces"], capture_output=True, text=True, check=True)  # noqa: S607 - whichever Node there is
    say(f"The JavaScript example: {'; '.join(done.stdout.splitlines())}.")


def exporters(cache: Path, count: int, batch: int) -> Mapping[str, Sequence[str]]:
    """Return the commands that send spans to an address, which stands as URL in them."""
    js = ["node", str(_SDKS / "js_sdk.mjs"), str(js_sdk(cache)), "URL", str(count), str(batch)]
    return {
        "Python SDK, protobuf": [sys.executable, str(_SDKS / "python_sdk.py"), "URL", str(count), str(batch)],
        "JavaScript SDK, JSON": [*js, "json"],
        "JavaScript SDK, protobuf": [*js, "proto"],
    }


async def send(name: str, command: Sequence[str], proxy: FaultyProxy) -> set[str]:
    """Run an exporter against a proxy; returns the keys of the spans it sent."""
    began = time.monotonic()
    async with await proxy.start() as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/traces"
        arguments = [url if part == "URL" else part for part in command]
        process = await asyncio.create_subprocess_exec(*arguments, stdout=PIPE, stderr=PIPE, cwd=ROOT)
        sent, said = await process.communicate()
    if process.returncode:
        raise SystemExit(said.decode())
    keys = set(sent.decode().split())
    seconds, last = time.monotonic() - began, said.decode().splitlines()[-1]
    say(f"{name}: {len(keys):,} spans in {seconds:.0f} s; {dict(sorted(proxy.seen.items()))}; {last}")
    return keys


async def send_all(commands: Mapping[str, Sequence[str]], port: int, seed: int) -> set[str]:
    """Run all exporters at the same time, each through a proxy of its own; returns all keys."""
    sending = [
        send(name, command, FaultyProxy(port, seed + index)) for index, (name, command) in enumerate(commands.items())
    ]
    return set().union(*await asyncio.gather(*sending))


def stored(db: Path) -> list[str]:
    """Return the keys of the spans in a store, each as often as it is there."""
    with duckdb.connect(str(db), read_only=True) as connection:
        return [key for (key,) in connection.execute("SELECT trace_id || '-' || span_id FROM spans").fetchall()]


def main() -> None:
    """Send, compare, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--batch", type=int, default=200, help="spans in a request")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "spanwell-exporters")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    share = -(-arguments.count // 30) * 10
    commands = exporters(arguments.cache, share, arguments.batch)
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "spans.duckdb"
        with serving("--db", ":memory:") as server:
            try_example(js_sdk(arguments.cache), server.url)
        with serving("--db", str(db)) as server:
            port = int(server.url.rpartition(":")[2])
            sent = asyncio.run(send_all(commands, port, arguments.seed))
            server.stop()
        found = stored(db)
    lost, doubled = sent - set(found), len(found) - len(set(found))
    say(f"Sent {len(sent):,}, stored {len(found):,}: {len(lost):,} lost, {doubled:,} stored twice.")
    if lost or doubled or len(found) != len(sent):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
