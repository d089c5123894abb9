"""What most visitors do: look around, search, fill a cart."""

from spanwell.demo.dice import Dice
from spanwell.demo.draft import Draft

from .calls import respond
from .parts import change_cart, convert, get_cart, get_product, list_products, recommend, search_products, stock
from .visit import arrive, page, render
from .words import CURRENCIES, PRODUCTS, SEARCHES

_PROBES = ("/wp-login.php", "/.env", "/admin/config.php", "/api/v1/pods")


def home(dice: Dice, at: int) -> Draft:
    """Show the front page."""
    with page(dice, at, "GET", "/") as (root, frontend):
        start = frontend.clock
        list_products(frontend, start)
        recommend(frontend, start)
        get_cart(frontend, dice.token(), start)
        render(frontend, "/")
    return root


def product(dice: Dice, at: int) -> Draft:
    """Show the page of a product."""
    number, _ = dice.choice(PRODUCTS)
    with page(dice, at, "GET", "/products/{id}", f"/products/{number}") as (root, frontend):
        start = frontend.clock
        get_product(frontend, number, start)
        stock(frontend, start)
        recommend(frontend, start)
        convert(frontend, dice.choice(CURRENCIES), start)
        render(frontend, "/products/[id]")
        if dice.chance(0.009):
            respond(frontend, 500)
    return root


def search(dice: Dice, at: int) -> Draft:
    """Search the catalog."""
    words = dice.choice(SEARCHES)
    with page(dice, at, "GET", "/search") as (root, frontend):
        root.attributes["url.query"] = f"q={words.replace(' ', '+')}"
        if search_products(frontend, words):
            start = frontend.clock
            for number, _ in dice.sample(PRODUCTS, dice.randrange(2, 5)):
                get_product(frontend, number, start)
        render(frontend, "/search")
    return root


def add_to_cart(dice: Dice, at: int) -> Draft:
    """Put something into the cart."""
    number, _ = dice.choice(PRODUCTS)
    cart = dice.token()
    with page(dice, at, "POST", "/cart/items") as (root, frontend):
        start = frontend.clock
        get_product(frontend, number, start)
        stock(frontend, start)
        change_cart(frontend, cart, "AddItem")
        get_cart(frontend, cart)
        respond(frontend, 201)
    return root


def probe(dice: Dice, at: int) -> Draft:
    """Try a door; the gateway knows no such route."""
    root = arrive(dice, at, "GET", "/*", dice.choice(_PROBES))
    with root:
        root.work(0.3)
        respond(root, 404)
    return root
