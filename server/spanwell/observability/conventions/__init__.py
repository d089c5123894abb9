"""What attributes mean: the semantic conventions of OpenTelemetry and of agent frameworks, as tables.

Senders of every kind go through them: OTLP, mutations and files. It imports `model` alone.
"""
