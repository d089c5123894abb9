"""The checkout: most of the services at once, retries, a payment that may be refused, a message to those who go on."""

from functools import partial

from spanwell.demo.dice import Dice
from spanwell.demo.draft import Draft
from spanwell.demo.telemetry import fail
from spanwell.observability.model.span import SpanKind

from .calls import deadlock, external, publish, redis, respond, rpc, sql
from .incident import bad_release, payment_version
from .parts import change_cart, convert, get_cart, get_product
from .services import CHECKOUT, INVENTORY, PAYMENT, SHIPPING
from .visit import page, render
from .words import CURRENCIES, PRODUCTS

_RESERVE = "UPDATE stock SET reserved = reserved + $1 WHERE product_id = $2 AND quantity - reserved >= $1"
_ORDER = "INSERT INTO orders (id, customer_id, total, currency, placed_at) VALUES ($1, $2, $3, $4, now())"
_LINES = "INSERT INTO order_lines (order_id, product_id, quantity, price) SELECT * FROM unnest($1, $2, $3, $4)"
_CHARGE = "INSERT INTO charges (order_id, amount, currency, state) VALUES (?, ?, ?, ?)"
_STATUS = "SELECT id, state, total, shipped_at FROM orders WHERE id = $1"


def checkout(dice: Dice, at: int, now: int) -> Draft:
    """Buy what is in the cart. During the bad release of the payment service about two of five orders are lost."""
    number, currency = dice.randrange(48_200, 61_990), dice.choice(CURRENCIES)
    with page(dice, at, "POST", "/checkout") as (root, frontend):
        with rpc(frontend, CHECKOUT, "PlaceOrder") as service:
            service.attributes = {**service.attributes, "app.order.id": number, "app.currency": currency}
            paid = _place_order(service, number, currency, now)
        if paid:
            render(frontend, "/checkout/[order]")
        respond(frontend, 201 if paid else 503)
    return root


def order_status(dice: Dice, at: int) -> Draft:
    """Look how far an order is."""
    with page(dice, at, "GET", "/orders/{id}", f"/orders/{dice.randrange(48_200, 61_990)}") as (root, frontend):
        with rpc(frontend, CHECKOUT, "GetOrder") as service:
            sql(service, "SELECT orders", _STATUS)
        render(frontend, "/orders/[id]")
    return root


def _place_order(service: Draft, number: int, currency: str, now: int) -> bool:
    cart = service.dice.token()
    get_cart(service, cart)
    bought = service.dice.sample(PRODUCTS, service.dice.randrange(1, 5))
    start = service.clock
    for product, _ in bought:
        get_product(service, product, start)
        convert(service, currency, start)
    _reserve(service, len(bought))
    _quote(service)
    total = round(service.dice.lognormvariate(4.4, 0.7), 2)
    if not _charge(service, total, currency, now):
        fail(service, "PaymentFailed", "order was not placed: payment is unavailable", **{"rpc.grpc.status_code": 14})
        return False
    service.measured["app.order.total"] = total
    service.measured["app.order.items"] = len(bought)
    sql(service, "INSERT orders", _ORDER)
    sql(service, "INSERT order_lines", _LINES, rows=len(bought))
    publish(service, "orders", number % 6, 1_200_000 + number)
    change_cart(service, cart, "EmptyCart")
    return True


def _reserve(service: Draft, products: int) -> None:
    with rpc(service, INVENTORY, "Reserve") as inventory:
        for _ in range(products):
            if inventory.dice.chance(0.01):
                deadlock(inventory, "stock", _RESERVE)
            sql(inventory, "UPDATE stock", _RESERVE, takes=5)


def _quote(service: Draft) -> None:
    with rpc(service, SHIPPING, "GetQuote") as shipping:
        start = shipping.clock
        for carrier in ("dhl", "ups", "postnord"):
            external(shipping, f"api.{carrier}.example/v2/rates", 110, at=start)


def _charge(service: Draft, total: float, currency: str, now: int) -> bool:
    """Charge the card, at most three times; return whether it worked."""
    share = 0.75 if bad_release(service.begins, now) else 0.012
    failing = partial(service.dice.chance, share)
    for attempt in range(3):
        failed = failing()
        with rpc(service, PAYMENT, "Charge", version=payment_version(service.begins, now)) as payment:
            payment.attributes = {**payment.attributes, "app.payment.amount": total, "app.payment.currency": currency}
            _charge_card(payment, failed=failed, slow=share > 0.5)
        if not failed:
            return True
        service.event("retry", {"retry.attempt": attempt + 1, "retry.backoff_ms": 100 * 2**attempt})
        service.work(100 * 2**attempt, 0.1)
    return False


def _charge_card(payment: Draft, *, failed: bool, slow: bool) -> None:
    with payment.child("check fraud", kind=SpanKind.INTERNAL) as check:
        check.work(14)
        check.measured["app.fraud.score"] = round(payment.dice.betavariate(1, 12), 3)
    external(payment, "api.cards.example/v1/charges", 1_400 if slow else 190, status=503 if failed else 200)
    if failed:
        fail(payment, "CardGatewayException", "card gateway answered 503", **{"rpc.grpc.status_code": 14})
        return
    sql(payment, "INSERT charges", _CHARGE)


def expire_reservations(dice: Dice, at: int) -> Draft:
    """Run a job by the clock, without a visitor."""
    context = {**CHECKOUT.context(dice), "environment": "production", "source": "otlp"}
    attributes = {"code.function.name": "jobs.ExpireReservations", "app.job.schedule": "*/15 * * * *"}
    root = Draft.root(dice, "job expire-reservations", at, context, kind=SpanKind.INTERNAL, attributes=attributes)
    with root:
        redis(root, "SET", "lock:expire-reservations NX PX 60000")
        found = dice.randrange(0, 4)
        sql(root, "SELECT orders", "SELECT id FROM orders WHERE state = 'open' AND placed_at < $1", rows=found)
        for _ in range(found):
            with rpc(root, INVENTORY, "Release") as inventory:
                sql(inventory, "UPDATE stock", "UPDATE stock SET reserved = reserved - $1 WHERE product_id = $2")
    return root
