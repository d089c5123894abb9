"""A setting is a flag, a variable or its default, in this order, and its text means what a person expects."""

import argparse
from typing import Any

import pytest

from spanwell.options import OPTIONS, BadSetting, add_options, read_settings, settings_table
from spanwell.settings import MIB, Settings


def settings(*flags: str, **variables: str) -> Settings:
    parser = argparse.ArgumentParser()
    add_options(parser)
    return read_settings(parser.parse_args(flags), variables)


def test_without_flags_and_variables_every_setting_has_its_default() -> None:
    assert settings() == Settings()


def test_a_flag_wins_over_a_variable_and_a_variable_over_the_default() -> None:
    assert settings(SPANWELL_MAX_BATCH_SPANS="5").max_batch_spans == 5
    assert settings("--max-batch-spans", "7", SPANWELL_MAX_BATCH_SPANS="5").max_batch_spans == 7
    assert settings("--no-playground", SPANWELL_PLAYGROUND="yes").playground is False
    assert settings("--playground", SPANWELL_PLAYGROUND="no").playground is True


@pytest.mark.parametrize(
    ("text", "read"),
    [("1000", 1000), ("64MiB", 64 * MIB), ("64MB", 64 * MIB), ("2 kib", 2048), (" 1GiB ", 1024 * MIB)],
)
def test_a_size_is_a_number_with_or_without_a_unit(text: str, read: int) -> None:
    assert settings("--max-body-bytes", text).max_body_bytes == read


@pytest.mark.parametrize(
    ("variable", "text", "field", "read"),
    [
        ("SPANWELL_QUERY_TIMEOUT", "2.5", "query_timeout", 2.5),
        ("SPANWELL_DEMO", " On ", "demo", True),
        ("SPANWELL_INTROSPECTION", "0", "introspection", False),
        (
            "SPANWELL_CORS_ORIGINS",
            "https://a.example, https://b.example,",
            "cors_origins",
            ("https://a.example", "https://b.example"),
        ),
        ("SPANWELL_CORS_ORIGINS", "", "cors_origins", ()),
        ("SPANWELL_LOG_LEVEL", "WARNING", "log_level", "warning"),
        ("SPANWELL_MEMORY_LIMIT", "4GB", "memory_limit", "4GB"),
        ("SPANWELL_PORT", "0", "port", 0),
    ],
)
def test_the_text_of_a_variable_becomes_a_value(variable: str, text: str, field: str, read: object) -> None:
    assert getattr(settings(**{variable: text}), field) == read


@pytest.mark.parametrize(
    ("flag", "text", "said"),
    [
        ("--port", "65536", "--port: '65536' is not from 0 to 65,535."),
        ("--port", "-1", "--port: '-1' is not an integer or a size such as 64MiB."),
        ("--read-threads", "0", "--read-threads: '0' is not from 1 to 256."),
        ("--max-body-bytes", "1.5", "--max-body-bytes: '1.5' is not an integer or a size such as 64MiB."),
        ("--max-batch-spans", "0", "--max-batch-spans: '0' is not 1 or more."),
        ("--query-timeout", "nan", "--query-timeout: 'nan' is not from 0.001 to 86,400."),
        ("--query-timeout", "inf", "--query-timeout: 'inf' is not from 0.001 to 86,400."),
        ("--query-timeout", "soon", "--query-timeout: 'soon' is not a number."),
        ("--log-level", "loud", "--log-level: 'loud' is none of debug, info, warning, error."),
    ],
)
def test_a_value_that_is_none_is_told_with_its_flag(flag: str, text: str, said: str) -> None:
    with pytest.raises(BadSetting) as refused:
        settings(f"{flag}={text}")
    assert str(refused.value) == said


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.field)
def test_the_shown_default_of_every_setting_reads_as_its_default(option: Any) -> None:
    """So what help and README show can be given back to the command."""
    assert option.read(option.shown_default, option.flag) == getattr(Settings(), option.field)


def test_a_command_takes_only_the_flags_of_its_own_settings() -> None:
    parser = argparse.ArgumentParser()
    add_options(parser, "db")
    assert read_settings(parser.parse_args(["--db", "a"]), {}) == Settings(db="a")
    with pytest.raises(SystemExit):
        parser.parse_args(["--port", "1"])


def test_the_table_of_settings_has_a_row_for_each() -> None:
    heading, rule, *rows = settings_table().splitlines()
    assert heading.count("|") == rule.count("|") == 5
    assert [row.split("`")[1] for row in rows] == [option.flag for option in OPTIONS]
    assert all(row.count("|") == 5 for row in rows)
