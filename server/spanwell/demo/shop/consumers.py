"""What happens after a message: its consumers begin traces of their own, with a link to the producer's span."""

from dataclasses import dataclass
from typing import Any

from spanwell.demo.dice import MS, Dice
from spanwell.demo.draft import Draft
from spanwell.observability.model.span import SpanKind
from spanwell.observability.model.text import json_of

from .calls import external, sql
from .services import EMAIL, FULFILMENT, Service


@dataclass(frozen=True)
class Message:
    """A message that was sent: by which span, and when."""

    trace_id: str
    span_id: str
    sent_at: int
    topic: str
    partition: str


def sent(draft: Draft) -> Message | None:
    """Return the message that a trace sent, if any."""
    for span in draft.all:
        if span.given.get("kind") is SpanKind.PRODUCER:
            where = span.attributes
            partition = where["messaging.destination.partition.id"]
            return Message(span.trace_id, span.span_id, span.clock, where["messaging.destination.name"], partition)
    return None


def consume(dice: Dice, message: Message) -> Draft:
    """Return the trace of a consumer, some moments after the message was sent."""
    at = message.sent_at + int(dice.latency(38, 0.9) * MS)
    if dice.chance(0.5):
        root = _consumer(dice, message, EMAIL, "email-confirmations", at)
        with root:
            _mail(root)
    else:
        root = _consumer(dice, message, FULFILMENT, "fulfilment", at)
        with root:
            _pack(root)
    return root


def _consumer(dice: Dice, message: Message, service: Service, group: str, at: int) -> Draft:
    link: dict[str, Any] = {"traceId": message.trace_id, "spanId": message.span_id, "attributes": {}}
    return Draft.root(
        dice,
        f"process {message.topic}",
        at,
        {**service.context(dice), "environment": "production", "source": "otlp"},
        kind=SpanKind.CONSUMER,
        links=json_of([link]),
        attributes={
            "messaging.system": "kafka",
            "messaging.operation.type": "process",
            "messaging.operation.name": "process",
            "messaging.destination.name": message.topic,
            "messaging.destination.partition.id": message.partition,
            "messaging.consumer.group.name": group,
            "messaging.kafka.message.age_ms": (at - message.sent_at) // MS,
        },
    )


def _mail(root: Draft) -> None:
    with root.child("render order-confirmation.mjml", kind=SpanKind.INTERNAL) as template:
        template.work(22, 0.5)
    if root.dice.chance(0.05):
        external(root, "api.mailer.example/v3/mail/send", 240, status=429)
        root.work(500, 0.1)
    external(root, "api.mailer.example/v3/mail/send", 180, status=202)


def _pack(root: Draft) -> None:
    sql(root, "SELECT orders", "SELECT * FROM order_lines WHERE order_id = ?", rows=3)
    sql(root, "INSERT picking_lists", "INSERT INTO picking_lists (order_id, warehouse_id) VALUES (?, ?)")
    external(root, "wms.larkspur.example/api/picking", 95, status=201)
