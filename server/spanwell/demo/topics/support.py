"""Customer support of a shop for outdoor gear."""

from .script import Call, Exchange, Script, Topic

_PRODUCTS = (
    "Tarn 2 tent",
    "Ridgeline 45 backpack",
    "Ember down jacket",
    "Cairn hiking boots",
    "Brook water filter",
    "Lumen headlamp",
    "Fjord rain shell",
    "Alder camping stove",
)
_CARRIERS = ("DHL", "UPS", "PostNord", "DPD", "Royal Mail")
_CITIES = ("Leipzig", "Rotterdam", "Lyon", "Gdańsk", "Malmö", "Bristol")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")

_LATE = Script(
    "late order",
    {
        "order": range(48_200, 61_990),
        "product": _PRODUCTS,
        "carrier": _CARRIERS,
        "city": _CITIES,
        "day": _DAYS,
        "street": ("Hafenstraße 12", "14 Mill Lane", "Rue des Tanneurs 8", "Storgatan 31"),
    },
    (
        Exchange(
            "Hi, where is my order #{order}? The {product} was supposed to be here two days ago.",
            "I found it: your {product} (order #{order}) left our warehouse in {city} on time, but {carrier} held it "
            "at their sorting centre. It is moving again and should reach you by **{day}**. I am sorry for the wait!",
            (
                Call(
                    "lookup_order",
                    {"orderId": "{order}"},
                    {"orderId": "{order}", "status": "shipped", "items": ["{product}"], "carrier": "{carrier}"},
                ),
                Call(
                    "track_parcel",
                    {"orderId": "{order}", "carrier": "{carrier}"},
                    {"status": "in_transit", "lastSeen": "{city}", "eta": "{day}", "delayed": True},
                    takes=620,
                ),
            ),
        ),
        Exchange(
            "Can you still send it to my office instead? {street}.",
            "Done. {carrier} accepted the new address, {street}. The delivery day stays {day}; you will get a new "
            "tracking mail within the hour.",
            (
                Call(
                    "change_delivery_address",
                    {"orderId": "{order}", "address": "{street}"},
                    {"accepted": True, "surcharge": 0},
                    takes=840,
                ),
            ),
        ),
        Exchange(
            "Great, thank you. Do I get anything back for the delay?",
            "Yes: shipping was late by our own promise, so I refunded the shipping fee of order #{order}. It takes "
            "two to three working days to show on your card.",
            (
                Call(
                    "refund_shipping",
                    {"orderId": "{order}", "reason": "late_delivery"},
                    {"refunded": 5.9, "currency": "EUR"},
                    takes=450,
                ),
            ),
        ),
    ),
)

_RETURN = Script(
    "return and refund",
    {
        "order": range(48_200, 61_990),
        "product": _PRODUCTS,
        "fault": ("the zip is stuck", "one seam is open", "it is a size too small", "the colour is not as pictured"),
        "amount": (39.9, 64.5, 129.0, 219.95, 349.0),
        "carrier": _CARRIERS,
    },
    (
        Exchange(
            "I want to return the {product} from order #{order}, {fault}.",
            "Sorry to hear that. Order #{order} is within the 60 days, so a return is no problem. Would you like a "
            "replacement, or your {amount:.2f} EUR back?",
            (
                Call(
                    "lookup_order",
                    {"orderId": "{order}"},
                    {"orderId": "{order}", "status": "delivered", "total": "{amount}", "returnable": True},
                ),
            ),
        ),
        Exchange(
            "Money back, please.",
            "I opened return R-{order} and mailed you a {carrier} label. As soon as the parcel is scanned, we refund "
            "**{amount:.2f} EUR** to the card you paid with.",
            (
                Call(
                    "create_return",
                    {"orderId": "{order}", "resolution": "refund", "reason": "{fault}"},
                    {"returnId": "R-{order}", "label": "{carrier}", "refund": "{amount}"},
                    takes=510,
                ),
            ),
        ),
        Exchange(
            "Can I drop it off at any {carrier} shop?",
            "Yes, at any {carrier} shop or parcel locker. The label has a QR code, so you need no printer.",
        ),
    ),
)

_ADVICE = Script(
    "product advice",
    {
        "product": _PRODUCTS,
        "other": ("Summit 3", "Heather", "Moss", "Granite"),
        "trip": ("a week in the Dolomites", "the West Highland Way", "Lapland in March", "a rainy weekend in Wales"),
        "stock": range(2, 60),
    },
    (
        Exchange(
            "Is the {product} good enough for {trip}, or should I take the {other}?",
            "For {trip} I would take the **{product}**: it weighs less and dries faster. The {other} is the better "
            "choice only if you expect strong wind for days. We have {stock} left in stock.",
            (
                Call(
                    "search_catalog",
                    {"query": "{product}", "limit": 3},
                    [{"name": "{product}", "rating": 4.6, "stock": "{stock}"}, {"name": "{other}", "rating": 4.3}],
                    takes=95,
                ),
                Call(
                    "search_reviews",
                    {"product": "{product}", "about": "{trip}"},
                    {"found": 17, "summary": "Light, dry, easy to repair; the bag could be larger."},
                    takes=240,
                ),
            ),
        ),
        Exchange(
            "How long would delivery take?",
            "Two working days if you order before 4 pm, one day with express. Both are shown at checkout.",
        ),
    ),
)

SUPPORT = Topic(
    name="support",
    agent="support-agent",
    service="support-assistant",
    organization="larkspur-outdoor",
    framework="mastra",
    models=("gpt-4o", "gpt-4o", "gpt-4o-mini"),
    instructions="You help customers of Larkspur Outdoor with orders, returns and products. Look things up before "
    "you answer. Never promise a refund above 500 EUR. Be brief and warm.",
    scripts=(_LATE, _RETURN, _ADVICE),
)
