"""Questions to a company's handbook, answered from retrieved documents."""

from dataclasses import dataclass

from .script import Exchange, Script, Topic


@dataclass(frozen=True)
class Document:
    """A passage of the handbook."""

    id: str
    title: str
    text: str


DOCUMENTS = (
    Document("hr-014", "Parental leave", "Parents take up to 14 months; tell your lead 7 weeks before it begins."),
    Document("hr-021", "Working abroad", "Up to 30 days a year within the EU, after a note to People Operations."),
    Document("hr-030", "Sick days", "Call in before 9:30. A doctor's note is due from the third day."),
    Document("it-003", "New laptop", "Laptops are replaced every 36 months; order in the service portal."),
    Document("it-011", "VPN", "Use the always-on profile. Hotel networks need the captive portal first."),
    Document("it-019", "Lost devices", "Report a lost device within an hour: it is locked and wiped remotely."),
    Document("fin-002", "Travel expenses", "Trains first. Hotels up to 140 EUR a night; receipts within 30 days."),
    Document("fin-008", "Purchases", "Up to 500 EUR your lead approves; above that, procurement does."),
    Document("sec-005", "Passwords", "Use the password manager and a hardware key. Never mail a secret."),
    Document("off-001", "Dogs at the office", "Dogs are welcome on floors 2 and 4, if the team agrees."),
)

_QUESTIONS = (
    Exchange("How early do I have to announce parental leave?", "Seven weeks before it begins, to your lead [1]."),
    Exchange(
        "May I work from Spain for three weeks?",
        "Yes. Within the EU you may work abroad for 30 days a year; send People Operations a note first [1].",
    ),
    Exchange(
        "My laptop is four years old, can I get a new one?",
        "Yes: laptops are replaced every 36 months. Order yours in the service portal [1].",
    ),
    Exchange(
        "I lost my phone on the train! What do I do?",
        "Report it to IT **within an hour**, so that it can be locked and wiped remotely [1]. Then change your "
        "password in the password manager [2].",
    ),
    Exchange(
        "What may a hotel in Copenhagen cost?",
        "Up to 140 EUR a night, whatever the city [1]. Hand the receipt in within 30 days.",
    ),
    Exchange("Can I bring my dog?", "On floors 2 and 4, if your team agrees [1]. 🐕"),
)

_ANSWERED_BY = ("hr-014", "hr-021", "it-003", "it-019", "fin-002", "off-001")
SOURCES = {
    question.asks: next(document for document in DOCUMENTS if document.id == id_)
    for question, id_ in zip(_QUESTIONS, _ANSWERED_BY, strict=True)
}
"""The passage that answers each question."""

HANDBOOK = Topic(
    name="handbook",
    agent="handbook-assistant",
    service="handbook-rag",
    organization="tidewater-software",
    framework="rag",
    models=("gpt-4o-mini", "gemini-2.5-flash"),
    instructions="Answer only from the handbook's passages, and cite them as [1], [2]. If they are silent, say so.",
    scripts=tuple(
        Script(question.asks, {}, (question, _QUESTIONS[(index + 2) % len(_QUESTIONS)]))
        for index, question in enumerate(_QUESTIONS)
    ),
)
