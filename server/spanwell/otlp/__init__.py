"""OpenTelemetry's protocol: its documents as spans, and spans as its documents."""
