"""What the services do for the pages: each function is one call with all that follows from it."""

from spanwell.demo.draft import Draft
from spanwell.demo.telemetry import fail
from spanwell.observability.model.span import SpanKind

from .calls import redis, rpc, sql
from .services import CART, CATALOG, CURRENCY, INVENTORY, RECOMMENDATION

_LIST = "SELECT id, name, price FROM products WHERE category = $1 ORDER BY rank LIMIT $2"
_GET = "SELECT id, name, description, price, currency FROM products WHERE id = $1"
_SEARCH = "SELECT id, ts_rank(document, q) AS rank FROM products, websearch_to_tsquery($1) q WHERE document @@ q"
_STOCK = "SELECT warehouse_id, quantity - reserved AS free FROM stock WHERE product_id = $1"
_SEEN = "SELECT other_id, weight FROM seen_together WHERE product_id = ANY($1) ORDER BY weight DESC LIMIT 12"


def list_products(caller: Draft, at: int | None = None) -> None:
    """Fetch a list of products."""
    with rpc(caller, CATALOG, "ListProducts", at) as catalog:
        redis(catalog, "GET", "catalog:list:v3")
        if catalog.dice.chance(0.3):
            sql(catalog, "SELECT products", _LIST, rows=24, takes=9)
            redis(catalog, "SETEX", "catalog:list:v3 300")


def get_product(caller: Draft, product: str, at: int | None = None) -> None:
    """Fetch one product."""
    with rpc(caller, CATALOG, "GetProduct", at) as catalog:
        catalog.attributes = {**catalog.attributes, "app.product.id": product}
        redis(catalog, "GET", f"catalog:product:{product}")
        if catalog.dice.chance(0.4):
            sql(catalog, "SELECT products", _GET)


def search_products(caller: Draft, words: str) -> int:
    """Search the catalog; return how many products were found."""
    found = caller.dice.randrange(0, 60)
    with rpc(caller, CATALOG, "SearchProducts") as catalog:
        catalog.attributes = {**catalog.attributes, "app.search.query": words}
        sql(catalog, "SELECT products", _SEARCH, rows=found, takes=28)
        catalog.measured["app.search.results"] = found
    return found


def recommend(caller: Draft, at: int | None = None) -> None:
    """Ask for what else might be liked; the page does without if that takes too long."""
    with rpc(caller, RECOMMENDATION, "ListRecommendations", at) as recommendation:
        if recommendation.dice.chance(0.006):
            recommendation.work(800, 0.01)
            fail(recommendation, "DeadlineExceeded", "context deadline exceeded", **{"rpc.grpc.status_code": 4})
            return
        sql(recommendation, "SELECT seen_together", _SEEN, rows=12, takes=6)
        with recommendation.child("rank candidates", kind=SpanKind.INTERNAL) as ranking:
            ranking.work(9, 0.5)
            ranking.measured["app.candidates"] = 12
        list_products(recommendation)


def convert(caller: Draft, currency: str, at: int | None = None) -> None:
    """Convert a price."""
    with rpc(caller, CURRENCY, "Convert", at) as service:
        service.attributes = {**service.attributes, "app.currency.to": currency}
        service.work(0.5)


def stock(caller: Draft, at: int | None = None) -> None:
    """Look up how many there are."""
    with rpc(caller, INVENTORY, "GetStock", at) as inventory:
        sql(inventory, "SELECT stock", _STOCK, rows=3)


def get_cart(caller: Draft, cart: str, at: int | None = None) -> None:
    """Fetch a cart."""
    with rpc(caller, CART, "GetCart", at) as service:
        redis(service, "HGETALL", f"cart:{cart}")


def change_cart(caller: Draft, cart: str, method: str) -> None:
    """Put something in a cart, or empty it."""
    with rpc(caller, CART, method) as service:
        redis(service, "DEL" if method == "EmptyCart" else "HSET", f"cart:{cart}")
        redis(service, "EXPIRE", f"cart:{cart} 604800")
