"""Texts and messages that come in pieces, or as JSON in a text."""

from collections.abc import Mapping

from .sent import ANSWERED, ASKED, TEXT, Sent

TEXTS: Mapping[str, Sent] = {
    "a text that is JSON of a text": Sent(
        {"input.value": '"\\u041f\\u0440\\u0438\\u0447\\u0430\\u043b"'}, {"input": "Причал"}
    ),
    "JSON in JSON in a text": Sent({"gen_ai.prompt": TEXT(TEXT({"q": "причал"}))}, {"input": '{"q": "причал"}'}),
    "quotes that are none of JSON's": Sent({"input.value": '"Nine" he said'}, {"input": '"Nine" he said'}),
    "parts of a prompt in several events": Sent(
        {},
        {"input": [{"role": "system", "content": "be kind"}, *ASKED], "output": ANSWERED},
        [
            ("gen_ai.content.prompt", {"role": "system", "content": "be kind"}),
            ("gen_ai.content.prompt", {**ASKED[0], "gen_ai.prompt": "When is high tide?"}),
            ("gen_ai.content.completion", {"index": 0, "message": TEXT(ANSWERED[0])}),
        ],
    ),
    "messages in several events of details": Sent(
        {},
        {"input": [*ASKED, *ANSWERED]},
        [
            ("gen_ai.client.inference.operation.details", {"gen_ai.input.messages": TEXT(ASKED)}),
            ("gen_ai.client.inference.operation.details", {"gen_ai.input.messages": TEXT(ANSWERED)}),
        ],
    ),
    "a message of tools": Sent(
        {}, {"input": [{"role": "tool", "content": "nine"}]}, [("gen_ai.tools.message", {"content": "nine"})]
    ),
}
