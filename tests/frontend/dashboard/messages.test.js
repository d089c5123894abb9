import assert from "node:assert/strict";
import { test } from "node:test";
import { blocksOf } from "../../../frontend_examples/dashboard/messages/markdown.js";
import { inputMessages, outputMessages } from "../../../frontend_examples/dashboard/messages/messages.js";

const told = (messages) =>
  messages?.map(({ role, parts }) => [
    role,
    ...parts.map(
      ({ kind, text, name, value, mime }) => text ?? [kind, name ?? mime, value].filter((one) => one !== undefined),
    ),
  ]);

const text = { type: "text", text: "hi" };

const INPUTS = {
  "a list of messages": [[{ role: "user", content: "hi" }], [["user", "hi"]]],
  "OpenAI chat": [
    {
      model: "m",
      messages: [
        { role: "developer", content: "be" },
        { role: "user", content: [text] },
      ],
    },
    [
      ["system", "be"],
      ["user", "hi"],
    ],
  ],
  "OpenAI responses": [
    { instructions: "be", input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] }] },
    [
      ["system", "be"],
      ["user", "hi"],
    ],
  ],
  "OpenAI responses, a text": [
    { model: "m", instructions: "be", input: "hi" },
    [
      ["system", "be"],
      ["user", "hi"],
    ],
  ],
  Anthropic: [
    { system: "be", messages: [{ role: "user", content: [text] }] },
    [
      ["system", "be"],
      ["user", "hi"],
    ],
  ],
  Gemini: [
    { systemInstruction: { parts: [{ text: "be" }] }, contents: [{ role: "model", parts: [{ text: "hi" }] }] },
    [
      ["system", "be"],
      ["assistant", "hi"],
    ],
  ],
  "LangChain constructors": [
    { messages: [[{ lc: 1, type: "constructor", id: ["langchain", "HumanMessage"], kwargs: { content: "hi" } }]] },
    [["user", "hi"]],
  ],
  "LangChain dumps": [
    [
      { type: "human", data: { content: "hi" } },
      { type: "ai", content: "yes" },
    ],
    [
      ["user", "hi"],
      ["assistant", "yes"],
    ],
  ],
  LlamaIndex: [{ messages: [{ role: "user", blocks: [{ block_type: "text", text: "hi" }] }] }, [["user", "hi"]]],
  OpenInference: [[{ message: { role: "user", contents: [], content: "hi" } }], [["user", "hi"]]],
  "OpenTelemetry parts": [[{ role: "user", parts: [{ type: "text", content: "hi" }] }], [["user", "hi"]]],
  "Mastra, parts within the content": [
    {
      messages: [
        { role: "user", content: { format: 2, parts: [text] } },
        {
          role: "assistant",
          content: {
            format: 2,
            parts: [
              {
                type: "tool-invocation",
                toolInvocation: { state: "result", toolName: "find", args: { q: 1 }, result: 2 },
              },
            ],
          },
        },
      ],
    },
    [
      ["user", "hi"],
      ["assistant", ["call", "find", { q: 1 }], ["result", "find", 2]],
    ],
  ],
  "Vercel's interface": [
    [{ role: "assistant", parts: [{ type: "tool-getWeather", toolCallId: "c", input: { q: 1 }, output: { t: 3 } }] }],
    [["assistant", ["call", "getWeather", { q: 1 }], ["result", "getWeather", { t: 3 }]]],
  ],
  "Vercel prompt": [{ prompt: [{ role: "user", content: [text] }] }, [["user", "hi"]]],
};

for (const [name, [value, messages]] of Object.entries(INPUTS))
  test(`input of ${name}`, () => assert.deepEqual(told(inputMessages(value)), messages));

const CALL = ["call", "find", { q: 1 }];

const OUTPUTS = {
  "OpenAI chat": {
    choices: [
      {
        message: {
          role: "assistant",
          content: null,
          tool_calls: [{ function: { name: "find", arguments: '{"q":1}' } }],
        },
      },
    ],
  },
  "OpenAI responses": { output: [{ type: "function_call", name: "find", arguments: '{"q":1}' }] },
  Anthropic: { role: "assistant", content: [{ type: "tool_use", id: "1", name: "find", input: { q: 1 } }] },
  Gemini: { candidates: [{ content: { role: "model", parts: [{ functionCall: { name: "find", args: { q: 1 } } }] } }] },
  Mastra: { text: "", toolCalls: [{ payload: { toolName: "find", args: { q: 1 } } }] },
  "Anthropic without a role": {
    content: [{ type: "tool_use", name: "find", input: { q: 1 } }],
    stop_reason: "tool_use",
  },
  Vercel: { toolCalls: [{ toolName: "find", input: { q: 1 } }] },
  LangChain: {
    generations: [
      [
        {
          text: "",
          message: { kwargs: { content: "", type: "ai", tool_calls: [{ name: "find", args: { q: 1 } }] }, lc: 1 },
        },
      ],
    ],
  },
  OpenTelemetry: [{ role: "assistant", parts: [{ type: "tool_call", name: "find", arguments: { q: 1 } }] }],
};

for (const [name, value] of Object.entries(OUTPUTS))
  test(`a call of a tool in the output of ${name}`, () =>
    assert.deepEqual(told(outputMessages(value)), [["assistant", CALL]]));

test("results of tools, thinking, images and files are parts", () => {
  const content = [
    { type: "thinking", thinking: "hm" },
    { type: "tool_result", name: "find", content: [{ type: "text", text: '{"a":1}' }] },
  ];
  assert.deepEqual(told(inputMessages([{ role: "user", content }])), [["user", "hm", ["result", "find", { a: 1 }]]]);
  const media = [
    { type: "image_url", image_url: { url: "data:image/png;base64,AA" } },
    { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "AA" } },
    { inlineData: { mimeType: "audio/wav", data: "AA" } },
    { type: "input_audio", input_audio: { format: "mp3", data: "AA" } },
    { type: "file", mediaType: "application/pdf", data: "AA", filename: "a.pdf" },
  ];
  const [{ parts }] = inputMessages([{ role: "user", content: media }]);
  assert.deepEqual(
    parts.map(({ kind }) => kind),
    ["image", "image", "audio", "audio", "file"],
  );
  assert.equal(parts[1].url, "data:image/jpeg;base64,AA");
});

for (const value of [
  null,
  1,
  "hi",
  {},
  [],
  [1],
  { messages: [] },
  { messages: "x" },
  [{ role: "user" }],
  { a: { role: "x" } },
])
  test(`${JSON.stringify(value)} holds no messages`, () => assert.equal(inputMessages(value), null));

test("Markdown of models is told apart into blocks", () => {
  const markdown =
    "# Title\ntext **b**\n\n- one\n  - two\n\n1. a\n2. b\n\n| x | y |\n|---|:-:|\n| 1 | 2 |\n\n> said\n\n---\n```js\nlet a;\n\n# no title\n```\nend";
  const blocks = blocksOf(markdown);
  assert.deepEqual(
    blocks.map(({ kind }) => kind),
    ["heading", "text", "list", "list", "table", "quote", "rule", "code", "text"],
  );
  assert.deepEqual(blocks[4].rows, [
    ["x", "y"],
    ["1", "2"],
  ]);
  assert.equal(blocks[7].text, "let a;\n\n# no title");
});
