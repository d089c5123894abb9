"""The server's traces of itself, by OpenTelemetry's SDK; an extra that is loaded only when it is asked for.

The SDK's own variables hold, such as `OTEL_SERVICE_NAME` and `OTEL_TRACES_SAMPLER`.
"""
