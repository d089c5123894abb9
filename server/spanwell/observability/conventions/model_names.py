"""Maps model names as platforms and gateways write them to the names that their makers use.

`bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0`, `claude-sonnet-4@20250514` and `anthropic:claude-sonnet-4` are one
model: regions, makers, platform versions and gateway routes are removed, and finally the date.
"""

import re
from collections.abc import Iterator

_MAKERS = (
    "ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|mistralai|moonshot|moonshotai|nvidia|openai|"
    "qwen|stability|twelvelabs|writer|xai|zai"
)
_REGION = re.compile(r"^(?:us|eu|apac|jp|au|ca|sa|me|af|global|us-gov)\.(?=[a-z0-9]+\.)")
_MAKER = re.compile(rf"^(?:{_MAKERS})\.")
_ROUTE = re.compile(r"^(?!ft:)[a-z][a-z0-9_-]*:(?=[a-z])")
"""A prefix as in `google-gla:gemini-2.5-pro`; a fine-tuned model, `ft:gpt-4o`, is a different one."""
_TUNED = re.compile(r"^(ft:[^:]+):.*")
"""The base of a fine-tuned model, followed by the organization, a name and an id: `ft:gpt-4o:acme::abc`."""
_VARIANT = re.compile(r":(?:free|beta|thinking|extended|nitro|floor|online|exacto|latest)$")
_CONTEXT = re.compile(r"\[[^\[\]]*\]$")
"""The context window, as Claude Code writes it: `claude-opus-4-6[1m]`."""
_VERSION = re.compile(r"(?:-v\d+)?:\d+(?::\d+k)?$")
_DATE = re.compile(r"-(?:\d{8}|\d{4}-\d\d-\d\d|\d\d-\d{4}|\d{4}|00\d|latest)$")


def spellings(model: str, provider: str | None = None) -> Iterator[str]:
    """Yield the names under which a model may be listed, from the original name to the least specific one."""
    name = model.strip().lower()
    yield name
    last = name.rpartition("/")[2]
    if provider:
        yield f"{provider.lower()}/{last}"
    yield last
    plain = canonical(last)
    yield plain
    yield undated(plain)


def canonical(name: str) -> str:
    """Return the maker's name of a model, with its date if there is one."""
    name = name.strip().lower().rpartition("/")[2]
    name = _TUNED.sub(r"\1", _CONTEXT.sub("", name))
    name = _ROUTE.sub("", _VARIANT.sub("", name))
    if _MAKER.match(bare := _REGION.sub("", name)):
        full = _MAKER.sub("", bare)
        versionless = _VERSION.sub("", full)
        name = versionless if "-" in versionless else full  # too little of `claude-v2:1` would be left
    name = name.partition("@default")[0].replace("@", "-").replace("gpt-35-", "gpt-3.5-")
    return name.replace(".", "-") if name.startswith("claude") else name


def undated(name: str) -> str:
    """Return a name without a date or similar suffix."""
    return _DATE.sub("", name)
