"""Settings from flags, then `SPANWELL_*` variables, then defaults; all of it read off the declaration in `settings`."""

import argparse
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from math import inf
from typing import Any, Literal, get_args, get_origin, get_type_hints

from .settings import MIB, Settings, Within

_SIZE = re.compile(r"(\d+)\s*(?:(K|M|G|T)i?B)?", re.IGNORECASE)


class BadSetting(Exception):
    """A flag or an environment variable has an invalid value."""


@dataclass(frozen=True)
class Option:
    """One setting: its field, its flag, its variable, and how text is read."""

    field: str
    value_type: Any
    default: Any
    help: str
    within: Within | None = None

    @property
    def flag(self) -> str:
        """The flag, such as `--max-batch-spans`."""
        return "--" + self.field.replace("_", "-")

    @property
    def variable(self) -> str:
        """The variable, such as `SPANWELL_MAX_BATCH_SPANS`."""
        return "SPANWELL_" + self.field.upper()

    @property
    def shown_default(self) -> str:
        """The default as a person would write it."""
        if isinstance(self.default, bool):
            return "yes" if self.default else "no"
        if self.value_type is int and self.default and self.default % MIB == 0:
            return f"{self.default // MIB}MiB"
        return ",".join(self.default) if isinstance(self.default, tuple) else str(self.default)

    def read(self, text: str, source: str) -> Any:
        """Return the value that text stands for. Raises `BadSetting` naming the source."""
        try:
            return self._value(text)
        except ValueError as error:
            raise BadSetting(f"{source}: {error}.") from None

    def _value(self, text: str) -> Any:
        if get_origin(self.value_type) is Literal:
            return self._one_of(text)
        value: Any = _READERS[self.value_type](text)
        if self.within is not None and not self.within.least <= value <= self.within.largest:
            raise ValueError(f"{text!r} is not {_in_words(self.within)}")
        return value

    def _one_of(self, text: str) -> str:
        """Return a word that is among the choices, in their spelling."""
        word = text.strip().lower()
        if word not in get_args(self.value_type):
            raise ValueError(f"{text!r} is none of {', '.join(get_args(self.value_type))}")
        return word


def _in_words(within: Within) -> str:
    least = f"{within.least:,}"
    return f"{least} or more" if within.largest == inf else f"from {least} to {within.largest:,}"


def _integer(text: str) -> int:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not an integer or a size such as 64MiB")
    factors = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
    return int(match[1]) * factors[(match[2] or "").upper()]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None


def _switch(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.strip().lower() not in words:
        raise ValueError(f"{text!r} is not yes or no")
    return words[text.strip().lower()]


def _texts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_READERS: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    int: _integer,
    float: _number,
    bool: _switch,
    tuple[str, ...]: _texts,
}


def _options() -> Iterator[Option]:
    hints = get_type_hints(Settings, include_extras=True)
    for field in fields(Settings):
        value_type, help_text, *within = get_args(hints[field.name])
        yield Option(field.name, value_type, field.default, help_text.text, *within)


OPTIONS: tuple[Option, ...] = tuple(_options())
"""Every setting, in the order of declaration."""


def add_options(parser: argparse.ArgumentParser, *names: str) -> None:
    """Give a command the flags of some settings; of all if none are named."""
    for option in OPTIONS:
        if names and option.field not in names:
            continue
        shown = f"{option.help} [{option.shown_default or 'none'}; {option.variable}]"
        if option.value_type is bool:
            parser.add_argument(option.flag, action=argparse.BooleanOptionalAction, default=None, help=shown)
        else:
            parser.add_argument(option.flag, metavar=option.field.split("_")[-1].upper(), help=shown)


def read_settings(arguments: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that flags and variables give. Raises `BadSetting`."""
    values: dict[str, Any] = {}
    for option in OPTIONS:
        flag = getattr(arguments, option.field, None)
        if flag is not None:
            values[option.field] = flag if isinstance(flag, bool) else option.read(flag, option.flag)
        elif option.variable in environment:
            values[option.field] = option.read(environment[option.variable], option.variable)
    return Settings(**values)


def settings_table() -> str:
    """Return every setting as a table in Markdown."""
    rows = (f"| `{o.flag}` | `{o.variable}` | {o.shown_default or 'none'} | {o.help} |" for o in OPTIONS)
    return "\n".join(("| flag | variable | default | meaning |", "|---|---|---|---|", *rows))
