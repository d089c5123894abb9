"""The server's traces of itself: where they are made, and what makes and sends them with OpenTelemetry's SDK.

The SDK is an extra, which is loaded only when it is asked for. Its own variables hold, such as
`OTEL_SERVICE_NAME` and `OTEL_TRACES_SAMPLER`.
"""
