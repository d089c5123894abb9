"""The services of the shop: what runs them, and what their telemetry says of them."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from spanwell.demo.dice import Dice
from spanwell.observability.model.columns import Json
from spanwell.observability.model.text import json_of


@dataclass(frozen=True)
class Service:
    """A service: its language, instrumentation, pods and version."""

    name: str
    language: str
    scope: str
    scope_version: str
    version: str
    pods: int = 2
    port: int = 8080

    def context(self, dice: Dice, version: str | None = None) -> dict[str, Any]:
        """Return the columns that the spans of one of its pods share."""
        return {
            "service_name": self.name,
            "resource": _resource(self, dice.randrange(self.pods), version or self.version),
            "scope_name": self.scope,
            "scope_version": self.scope_version,
        }


_RUNTIMES = {
    "go": ("go", "1.25.4", "1.39.0"),
    "nodejs": ("nodejs", "22.11.0", "2.2.0"),
    "java": ("OpenJDK Runtime Environment", "21.0.9", "1.56.0"),
    "python": ("cpython", "3.12.8", "1.39.1"),
    "dotnet": (".NET", "9.0.1", "1.14.0"),
    "rust": ("rustc", "1.91.0", "0.31.0"),
    "cpp": ("envoy", "1.36.2", "1.24.0"),
}


@cache
def _resource(service: Service, pod: int, version: str) -> Json:
    runtime, runtime_version, sdk = _RUNTIMES[service.language]
    pod_name = f"{service.name}-{(hash_of(service.name) ^ hash_of(version)) % 0xFFFFF:05x}-{'xqtzk'[pod]}{pod}v9m"
    return json_of(
        {
            "service.name": service.name,
            "service.namespace": "shop",
            "service.version": version,
            "service.instance.id": pod_name,
            "deployment.environment.name": "production",
            "cloud.provider": "aws",
            "cloud.region": "eu-central-1",
            "cloud.availability_zone": f"eu-central-1{'abc'[pod % 3]}",
            "k8s.cluster.name": "shop-prod",
            "k8s.namespace.name": "shop",
            "k8s.pod.name": pod_name,
            "host.name": f"ip-10-2-{pod + 1}-{hash_of(service.name) % 250}",
            "process.runtime.name": runtime,
            "process.runtime.version": runtime_version,
            "telemetry.sdk.language": service.language,
            "telemetry.sdk.name": "opentelemetry",
            "telemetry.sdk.version": sdk,
        }
    )


def hash_of(text: str) -> int:
    """Return a number that is the same in every process, unlike `hash`."""
    return int.from_bytes(text.encode(), "big") % 999_983


_GO_GRPC = "go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"

GATEWAY = Service("gateway", "cpp", "envoy", "1.36.2", "1.36.2", pods=3)
FRONTEND = Service("frontend", "nodejs", "@opentelemetry/instrumentation-http", "0.208.0", "5.12.0", pods=4, port=3000)
CATALOG = Service("catalog", "go", _GO_GRPC, "0.64.0", "3.4.1", pods=3, port=3550)
CART = Service("cart", "dotnet", "Grpc.Net.Client", "2.71.0", "1.9.0", port=7070)
CHECKOUT = Service("checkout", "go", _GO_GRPC, "0.64.0", "2.31.0", pods=3, port=5050)
PAYMENT = Service("payment", "java", "io.opentelemetry.grpc-1.6", "2.22.0-alpha", "4.8.2", pods=3, port=50051)
INVENTORY = Service("inventory", "java", "io.opentelemetry.grpc-1.6", "2.22.0-alpha", "2.2.7", port=50052)
SHIPPING = Service("shipping", "rust", "tonic-tracing-opentelemetry", "0.32.1", "0.18.3", port=50053)
CURRENCY = Service("currency", "go", _GO_GRPC, "0.64.0", "1.1.5", port=7001)
RECOMMENDATION = Service("recommendation", "python", "opentelemetry.instrumentation.grpc", "0.60b1", "2.0.4", port=8090)
EMAIL = Service("email", "python", "opentelemetry.instrumentation.confluent_kafka", "0.60b1", "1.6.0", pods=1)
FULFILMENT = Service("fulfilment", "java", "io.opentelemetry.kafka-clients-2.6", "2.22.0-alpha", "3.0.1")
