"""A model that speaks OpenAI's chat completions: it calls the first tool that it is offered, and then answers."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

ANSWER = "It is sunny in Oslo."
USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 20,
    "total_tokens": 120,
    "prompt_tokens_details": {"cached_tokens": 40},
    "completion_tokens_details": {"reasoning_tokens": 5},
}


def message_for(request: dict[str, Any]) -> dict[str, Any]:
    """Return what the model says: a call of the first tool, if there is one and none was called yet."""
    tools = request.get("tools") or []
    was_called = any(message.get("role") == "tool" for message in request.get("messages", []))
    if not tools or was_called:
        return {"role": "assistant", "content": ANSWER}
    function = {"name": tools[0]["function"]["name"], "arguments": json.dumps({"city": "Oslo"})}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": function}],
    }


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        if "broken" in str(request.get("model")):
            self._send(400, "application/json", json.dumps({"error": {"message": "broken", "type": "x"}}))
        elif request.get("stream"):
            self._send(200, "text/event-stream", self._stream(request))
        else:
            self._send(200, "application/json", json.dumps(self._completion(request, "chat.completion")))

    def _completion(self, request: dict[str, Any], kind: str, **choice: Any) -> dict[str, Any]:
        message = message_for(request)
        reason = "tool_calls" if "tool_calls" in message else "stop"
        choices = [{"index": 0, "message": message, "finish_reason": reason, **choice}]
        return {
            "id": "chatcmpl-1",
            "object": kind,
            "created": 1_790_000_000,
            "model": f"{request.get('model', 'gpt-4o-mini')}",
            "choices": choices,
            "usage": USAGE,
        }

    def _stream(self, request: dict[str, Any]) -> str:
        whole = self._completion(request, "chat.completion.chunk")
        (choice,) = whole["choices"]
        message = choice.pop("message")
        calls = [{**call, "index": index} for index, call in enumerate(message.get("tool_calls", []))]
        delta = {**message, **({"tool_calls": calls} if calls else {})}
        chunks = [
            {**whole, "usage": None, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
            {**whole, "choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]},
        ]
        return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"

    def _send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server calls it so
        """Say nothing."""


def serve() -> ThreadingHTTPServer:
    """Return a model that answers on a free port of its own, until it is shut down."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return server
