"""An online shop of a dozen services, traced by OpenTelemetry."""
