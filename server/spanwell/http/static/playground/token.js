// The access token: sent with every request, and forgotten with the browser's tab.

const KEY = "spanwell.token";

export class Token {
  onChange = () => {};

  get text() {
    return sessionStorage.getItem(KEY) ?? "";
  }

  set text(text) {
    if (text === this.text) return;
    if (text) sessionStorage.setItem(KEY, text);
    else sessionStorage.removeItem(KEY);
    this.onChange();
  }

  headers() {
    return this.text ? { authorization: `Bearer ${this.text}` } : {};
  }
}

// A panel of GraphiQL, beside the docs.
export function tokenPlugin(token) {
  return { title: "Access token", icon: Key, content: () => React.createElement(TokenPanel, { token }) };
}

function Key() {
  const { createElement: element } = React;
  return element(
    "svg",
    { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", strokeWidth: 1.5, "aria-hidden": true },
    element("circle", { cx: 7.5, cy: 15.5, r: 4.5 }),
    element("path", { d: "m11 12 9.5-9.5M16 7l3.5 3.5M13.5 9.5l2 2" }),
  );
}

function TokenPanel({ token }) {
  const { createElement: element, useState } = React;
  const [text, setText] = useState(token.text);
  const keep = (kept) => {
    setText(kept);
    token.text = kept.trim();
  };
  return element(
    "form",
    {
      className: "spanwell-token",
      onSubmit: (event) => {
        event.preventDefault();
        keep(text);
      },
    },
    element("h2", null, "Access token"),
    element("label", { htmlFor: "spanwell-token" }, "Token"),
    element("input", {
      id: "spanwell-token",
      type: "password",
      autoComplete: "off",
      spellCheck: false,
      value: text,
      "aria-describedby": "spanwell-token-use",
      onChange: (event) => setText(event.target.value),
    }),
    element(
      "p",
      { id: "spanwell-token-use" },
      "Sent with every request as ",
      element("code", null, "Authorization: Bearer …"),
      ". It stays in this tab of the browser and is forgotten when the tab is closed.",
    ),
    element(
      "div",
      { className: "spanwell-buttons" },
      element("button", { type: "submit", className: "graphiql-button" }, "Use token"),
      element("button", { type: "button", className: "graphiql-button", onClick: () => keep("") }, "Forget"),
    ),
    element("p", { role: "status" }, token.text ? "Requests carry the token." : "Requests carry no token."),
  );
}
