"""Programs that send spans with the SDKs of OpenTelemetry."""
