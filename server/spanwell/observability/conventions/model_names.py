"""Names of models as platforms and gateways write them, and as their makers do.

`bedrock/us.anthropic.claude-sonnet-4-20250514-v1:0`, `claude-sonnet-4@20250514` and `anthropic:claude-sonnet-4` are one
model: regions, makers, versions of a platform and routes of a gateway are taken off, and at last the date.
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
"""What stands before a name in `google-gla:gemini-2.5-pro`; a fine-tuned one, `ft:gpt-4o`, is another model."""
_TUNED = re.compile(r"^(ft:[^:]+):.*")
"""What a fine-tuned model is made of; behind it stand the organization, a name, and an id: `ft:gpt-4o:acme::abc`."""
_VARIANT = re.compile(r":(?:free|beta|thinking|extended|nitro|floor|online|exacto|latest)$")
_CONTEXT = re.compile(r"\[[^\[\]]*\]$")
"""How much a model is let read, as Claude Code writes it: `claude-opus-4-6[1m]`."""
_VERSION = re.compile(r"(?:-v\d+)?:\d+(?::\d+k)?$")
_DATE = re.compile(r"-(?:\d{8}|\d{4}-\d\d-\d\d|\d\d-\d{4}|\d{4}|00\d|latest)$")


def spellings(model: str, provider: str | None = None) -> Iterator[str]:
    """Yield the names under which a model may be listed, from the name as it came to the one that says least."""
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
    """Return the name that the maker of a model gives it, with its date if there is one."""
    name = name.strip().lower().rpartition("/")[2]
    name = _TUNED.sub(r"\1", _CONTEXT.sub("", name))
    name = _ROUTE.sub("", _VARIANT.sub("", name))
    if _MAKER.match(bare := _REGION.sub("", name)):
        full = _MAKER.sub("", bare)
        versionless = _VERSION.sub("", full)
        name = versionless if "-" in versionless else full  # of `claude-v2:1` there would be too little left
    name = name.partition("@default")[0].replace("@", "-").replace("gpt-35-", "gpt-3.5-")
    return name.replace(".", "-") if name.startswith("claude") else name


def undated(name: str) -> str:
    """Return a name without the date, or the like, at its end."""
    return _DATE.sub("", name)
