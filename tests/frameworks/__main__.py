"""Runs the frameworks one by one, and prints a table of what a server makes of their spans.

python -m tests.frameworks [NAME...]        UV names the command `uv`, if it is not on the PATH
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.running import serving

from .fake_model import serve

SCRIPTS = Path(__file__).parent / "scripts"
_OTEL = ("opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http")
_TIMEOUT = 300

FRAMEWORKS: Mapping[str, tuple[str, Sequence[str]]] = {
    "OpenInference (OpenAI)": ("openinference_openai", ("openai", "openinference-instrumentation-openai")),
    "OpenLLMetry (OpenAI)": ("openllmetry", ("openai", "opentelemetry-instrumentation-openai")),
    "OpenTelemetry (OpenAI)": (
        "opentelemetry_openai",
        ("openai", "httpx", "opentelemetry-instrumentation-openai-v2", "opentelemetry-util-genai<1"),
    ),
    "OpenLIT (OpenAI)": ("openlit_openai", ("openlit>=1.44", "openai")),
    "Langfuse SDK": ("langfuse_sdk", ("langfuse", "openai")),
    "MLflow": ("mlflow_openai", ("mlflow", "openai")),
    "Pydantic AI": ("pydantic_ai_agent", ("pydantic-ai-slim[openai]",)),
    "Strands": ("strands_agent", ("strands-agents[openai,otel]",)),
    "OpenAI Agents": ("openai_agents", ("openai-agents", "openinference-instrumentation-openai-agents")),
    "LangChain": ("langchain_agent", ("langchain-openai", "langgraph", "openinference-instrumentation-langchain")),
    "LlamaIndex": (
        "llamaindex_agent",
        ("llama-index-core", "llama-index-llms-openai-like", "openinference-instrumentation-llama-index"),
    ),
    "Google ADK": ("google_adk", ("google-adk>=2", "litellm")),
    "smolagents": ("smolagents_agent", ("smolagents[openai]", "openinference-instrumentation-smolagents")),
    "AutoGen": ("autogen_agent", ("autogen-agentchat", "autogen-ext[openai]")),
    "Semantic Kernel": ("semantic_kernel_agent", ("semantic-kernel",)),
    "Haystack": ("haystack_pipeline", ("haystack-ai", "opentelemetry-haystack")),
    "BeeAI": ("beeai_model", ("beeai-framework", "openinference-instrumentation-beeai")),
    "LiveKit": ("livekit_session", ("livekit-agents", "livekit-plugins-openai")),
    "CrewAI": (
        "crewai_crew",
        ("crewai", "openai", "openinference-instrumentation-crewai", "openinference-instrumentation-openai"),
    ),
    "LiteLLM": ("litellm_proxyless", ("litellm",)),
    "Vercel AI SDK": (
        "ai_sdk.mjs",
        (
            *("ai", "@ai-sdk/openai-compatible", "zod", "@opentelemetry/api", "@opentelemetry/sdk-trace-node"),
            *("@opentelemetry/exporter-trace-otlp-proto", "@opentelemetry/resources"),
        ),
    ),
    "Mastra": (
        "mastra_agent.mjs",
        (
            *("@mastra/core@latest", "@mastra/observability@latest", "@mastra/otel-exporter@latest"),
            *("@ai-sdk/openai-compatible@latest", "zod@latest", "@opentelemetry/exporter-trace-otlp-proto@latest"),
        ),
    ),
    "DSPy": ("dspy_program", ("dspy", "openinference-instrumentation-dspy", "openinference-instrumentation-litellm")),
}
"""The program of each, and the packages that it takes."""

QUERY = """query ($name: String!) {
  spans(filter: {serviceName: {eq: $name}}, first: 500) {
    nodes { name type model inputTokens totalTokens cachedInputTokens costUsd input output entityName entityType
            sessionId threadId userId status attributes }
  }
}"""
COLUMNS = ("type", "model", "tokens", "cost", "input", "output", "tool calls", "session", "user", "error")


def run(name: str, url: str, model_url: str) -> str:
    """Run the program of a framework; return why it did not, if so."""
    environment = os.environ | {
        "FRAMEWORK": name,
        "SPANWELL_TRACES": f"{url}/v1/traces",
        "OPENAI_BASE_URL": f"{model_url}/v1",
        "OPENAI_API_BASE": f"{model_url}/v1",
        "OPENAI_API_KEY": "x",
    }
    environment.pop("VIRTUAL_ENV", None)
    script, packages = FRAMEWORKS[name]
    with tempfile.TemporaryDirectory() as folder:
        made = in_node if script.endswith(".mjs") else in_python
        try:
            done = subprocess.run(
                made(script, packages, folder),
                env=environment,
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "it took too long"
    if os.environ.get("SHOW_SPANS"):
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
    return (done.stderr or done.stdout).strip().splitlines()[-1][:150] if done.returncode else ""


def in_python(script: str, packages: Sequence[str], _: str) -> list[str]:
    """Return the command that runs a program of Python with some packages of PyPI."""
    chosen = [part for package in (*_OTEL, *packages) for part in ("--with", package)]
    uv = os.environ.get("UV") or shutil.which("uv") or "uv"
    return [uv, "run", "--no-project", "--isolated", *chosen, "python", str(SCRIPTS / f"{script}.py")]


def in_node(script: str, packages: Sequence[str], folder: str) -> list[str]:
    """Install some packages of npm into a folder, and return the command that runs a program there."""
    install = ["npm", "install", "--no-audit", "--no-fund", *packages]
    subprocess.run(install, cwd=folder, capture_output=True, check=True, timeout=_TIMEOUT)
    shutil.copy(SCRIPTS / script, folder)
    return ["node", script]


def filled(spans: Sequence[dict[str, Any]]) -> list[str]:
    """Return for each of the columns whether any span, or of tokens each call of the model, has it."""
    calls = [span for span in spans if span["model"] and span["totalTokens"]]
    tools = [span for span in spans if "get_weather" in f"{span['entityName']} {span['name']}"]
    called = tools or [span for span in spans if "get_weather" in json.dumps(span["output"])]
    found: Iterable[object] = (
        any(span["type"] != "generic" for span in calls or spans),
        calls,
        any(span["inputTokens"] % 100 == 0 and span["totalTokens"] == 1.2 * span["inputTokens"] for span in calls),
        any(span["costUsd"] for span in calls),
        any("weather" in json.dumps(span["input"]) for span in spans),
        any(span["output"] for span in calls or spans),
        any(span["output"] or span["input"] for span in called),
        any(span["sessionId"] or span["threadId"] for span in spans),
        any(span["userId"] for span in spans),
        any(span["status"] == "ERROR" for span in spans),
    )
    return ["yes" if each else "-" for each in found]


def main(names: Sequence[str]) -> int:
    """Print the table."""
    model = serve()
    model_url = f"http://127.0.0.1:{model.server_address[1]}"
    print(f"| framework | {' | '.join(COLUMNS)} | spans |")
    print("|---" * (len(COLUMNS) + 2) + "|")
    with tempfile.TemporaryDirectory() as folder, serving("--db", f"{folder}/x.duckdb") as server:
        url = server.url
        for name in names or FRAMEWORKS:
            failure = run(name, url, model_url)
            answer = httpx.post(f"{url}/graphql", json={"query": QUERY, "variables": {"name": name}}, timeout=60)
            spans = answer.json()["data"]["spans"]["nodes"]
            if os.environ.get("SHOW_SPANS"):
                print(json.dumps(spans, indent=1))
            note = f"{len(spans)} {failure}".strip()
            print(f"| {name} | {' | '.join(filled(spans))} | {note} |", flush=True)
    model.shutdown()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
