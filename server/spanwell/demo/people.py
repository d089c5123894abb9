"""The people who talk to the agents, and their sessions."""

from dataclasses import dataclass
from itertools import product

from .dice import Dice

_FIRST = [
    "Amara",
    "Björn",
    "Chloé",
    "Dmitri",
    "Elif",
    "Farid",
    "Grace",
    "Hana",
    "Ines",
    "Jonas",
    "Keiko",
    "Liam",
    "Maya",
    "Noor",
    "Oskar",
    "Priya",
    "Quinn",
    "Rosa",
    "Sven",
    "Tomás",
]
_LAST = [
    "Adeyemi",
    "Berg",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jansen",
    "Kovács",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
]
_FEWEST = 36
_TRACES_PER_PERSON = 500
_PLAIN = str.maketrans("öéáíšçåøü", "oeaiscaou")


@dataclass
class Person:
    """Someone who talks to an agent. A session ends when nothing is heard for a while."""

    user_id: str
    name: str
    session_id: str = ""
    seen_at: int = 0


def people(dice: Dice, traces: int) -> list[Person]:
    """Return a few dozen people, more of them for very many traces."""
    names = list(product(_FIRST, _LAST))
    dice.shuffle(names)
    return [_person(*names[i % len(names)], i // len(names)) for i in range(max(_FEWEST, traces // _TRACES_PER_PERSON))]


def _person(first: str, last: str, namesakes: int) -> Person:
    user_id = f"{first}.{last}".lower().translate(_PLAIN)
    return Person(f"{user_id}{namesakes + 1}" if namesakes else user_id, f"{first} {last}")
