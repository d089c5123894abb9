"""OTLP, OpenTelemetry's protocol: decodes requests to spans, and encodes spans as requests."""
