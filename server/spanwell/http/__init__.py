"""The door: what travels over HTTP, strictly read and plainly refused."""

OTLP_PATH = "/v1/traces"
"""Where OpenTelemetry's exporters send to; said here, as the endpoint itself is loaded by the first of them."""

OTLP_PATHS = (OTLP_PATH, "/v1/logs", "/v1/metrics")
"""Where they send all signals to."""

TRACED_PATHS = ("/graphql", "/export")
"""What the paths begin with whose requests a server traces that traces itself."""
