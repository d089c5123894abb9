"""The semantic conventions of OpenTelemetry and of agent frameworks, as tables.

They apply to every source: OTLP, mutations and files. It imports `model` alone.
"""
