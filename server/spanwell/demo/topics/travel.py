"""Travel planning: an agent that searches, then books through a workflow."""

from .script import Call, Exchange, Script, Topic

BOOK = "book_trip"
"""The tool that runs a workflow of several steps."""

_CITIES = ("Lisbon", "Kraków", "Kyoto", "Reykjavík", "Valencia", "Tallinn", "Naples", "Oaxaca")
_HOTELS = ("Hotel Alameda", "Casa Azul", "The Lantern", "Pensão Estrela", "Nordlys Inn", "Villa Mirto")
_MONTHS = ("May", "June", "September", "October")

_CITY_TRIP = Script(
    "city trip",
    {
        "city": _CITIES,
        "hotel": _HOTELS,
        "month": _MONTHS,
        "people": range(2, 5),
        "nights": range(3, 8),
        "fare": range(89, 640),
        "rate": range(74, 260),
        "likes": ("good food and little walking", "museums", "hiking and swimming", "live music"),
        "booking": range(700_100, 799_900),
    },
    (
        Exchange(
            "We are {people} people and want {nights} days in {city} in {month}. We like {likes}.",
            "{city} in {month} suits {likes} well: mild days and few queues. I found flights from **{fare} EUR** each, "
            "and {hotel} in the old town for **{rate} EUR** a night.\n\n1. Arrive before noon, walk the old town\n"
            "2. Two slow days for {likes}\n3. A day trip to the coast\n\nShall I hold these for you?",
            (
                Call(
                    "search_flights",
                    {"to": "{city}", "month": "{month}", "passengers": "{people}"},
                    {"offers": [{"fare": "{fare}", "stops": 0}, {"fare": 702, "stops": 1}], "currency": "EUR"},
                    takes=1_350,
                ),
                Call(
                    "search_hotels",
                    {"city": "{city}", "nights": "{nights}", "guests": "{people}"},
                    [{"name": "{hotel}", "rate": "{rate}", "rating": 8.9}, {"name": "Central Rooms", "rate": 61}],
                    takes=910,
                ),
                Call(
                    "get_weather",
                    {"city": "{city}", "month": "{month}"},
                    {"averageHigh": 22, "rainyDays": 5},
                    takes=160,
                ),
            ),
        ),
        Exchange(
            "Is there something quieter than {hotel}?",
            "{hotel} has rooms to the courtyard, which guests call very quiet; I asked for one of those. The next "
            "quiet choice is twenty minutes outside the centre.",
            (
                Call(
                    "search_reviews",
                    {"hotel": "{hotel}", "topic": "noise"},
                    {"mentions": 41, "positive": 0.83, "quote": "The courtyard side is silent."},
                    takes=380,
                ),
            ),
        ),
        Exchange(
            "Good. Please book everything for the {people} of us.",
            "Booked! Your reference is **MT-{booking}**: {people} flights to {city} and {nights} nights at {hotel}, "
            "courtyard side. The confirmation is in your inbox; free cancellation until a week before.",
            (
                Call(
                    BOOK,
                    {"city": "{city}", "hotel": "{hotel}", "nights": "{nights}", "guests": "{people}"},
                    {"reference": "MT-{booking}", "status": "confirmed"},
                ),
            ),
        ),
    ),
)

_REBOOK = Script(
    "rebooking",
    {
        "booking": range(700_100, 799_900),
        "city": _CITIES,
        "fee": (0, 35, 60),
        "train": ("06:42", "09:15", "13:30", "17:55"),
    },
    (
        Exchange(
            "My flight to {city} (MT-{booking}) was cancelled this morning. What now?",
            "I am sorry. The airline must rebook you free of charge. The next flight to {city} leaves tomorrow at "
            "7:20; by train you would leave today at {train} and arrive in the evening. Which one?",
            (
                Call("get_booking", {"reference": "MT-{booking}"}, {"status": "cancelled_by_airline", "to": "{city}"}),
                Call(
                    "search_alternatives",
                    {"to": "{city}"},
                    [{"mode": "flight", "departs": "07:20"}, {"mode": "train", "departs": "{train}"}],
                    takes=1_700,
                ),
            ),
        ),
        Exchange(
            "The train at {train}, please.",
            "You are on the {train} train, seat 61, coach 12. The change costs {fee} EUR, which I claimed from the "
            "airline together with the fare of MT-{booking}.",
            (
                Call(
                    BOOK,
                    {"mode": "train", "departs": "{train}", "replaces": "MT-{booking}"},
                    {"reference": "MT-{booking}", "status": "confirmed", "fee": "{fee}"},
                ),
            ),
        ),
    ),
)

TRAVEL = Topic(
    name="travel",
    agent="travel-planner",
    service="trip-planner",
    organization="meridian-travel",
    framework="mastra",
    models=("claude-sonnet-4-5", "claude-sonnet-4-5", "gpt-4o"),
    instructions="You plan and book trips for guests of Meridian Travel. Ask for what you need, offer at most two "
    "choices, state prices per person in EUR, and book only after an explicit yes.",
    scripts=(_CITY_TRIP, _REBOOK),
)
