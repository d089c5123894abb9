"""What OpenTelemetry's SDKs say of every span: the resource behind it, its scope, and how errors are noted."""

from functools import cache
from typing import Any

from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import StatusCode
from spanwell.observability.model.text import json_of

from .draft import Draft

_JAVA = frozenset({"payment", "inventory", "fulfilment"})
_GO = frozenset({"catalog", "checkout", "currency"})


@cache
def python_resource(service: str, environment: str) -> Json:
    """Return the resource of a service written in Python."""
    return json_of(
        {
            "service.name": service,
            "service.version": "2026.3.1",
            "deployment.environment.name": environment,
            "telemetry.sdk.language": "python",
            "telemetry.sdk.name": "opentelemetry",
            "telemetry.sdk.version": "1.39.1",
            "process.runtime.name": "cpython",
            "process.runtime.version": "3.12.8",
        }
    )


def fail(draft: Draft, kind: str, message: str, **attributes: Any) -> None:
    """Note that a span failed now: its status, and the exception as an event."""
    draft.results["status_code"] = StatusCode.ERROR
    draft.results["status_message"] = message
    draft.measured["error.type"] = kind
    draft.measured.update(attributes)
    stack = _stacktrace(draft.context["service_name"], kind, message)
    draft.event("exception", {"exception.type": kind, "exception.message": message, "exception.stacktrace": stack})


def _stacktrace(service: str, kind: str, message: str) -> str:
    if service in _JAVA:
        name = service.capitalize()
        return f"{kind}: {message}\n\tat shop.{service}.{name}Service.handle({name}Service.java:88)"
    if service in _GO:
        return f"{kind}: {message}\nmain.(*{service}Service).handle\n\t/src/{service}/main.go:214"
    return (
        f'Traceback (most recent call last):\n  File "/app/{service}/handler.py", line 88, in handle\n{kind}: {message}'
    )
