// Why a span failed: the message first, everything else below it.
import { html } from "../html.js";
import { JsonText } from "./json-text.js";

export function ErrorBox({ info, message }) {
  const isObject = info !== null && typeof info === "object" && !Array.isArray(info);
  const { message: said, name, stack, ...rest } = isObject ? info : { message: info };
  const words = typeof said === "string" ? said : message;
  return html`<section class="error-box" aria-label="Error">
    <h3>${typeof name === "string" ? name : "Error"}</h3>
    ${words && html`<p>${words}</p>`}
    ${message && words !== message && html`<p>${message}</p>`}
    ${typeof stack === "string" && html`<pre tabindex="0">${stack}</pre>`}
    ${said !== undefined && said !== null && typeof said !== "string" && html`<${JsonText} value=${said} />`}
    ${Object.keys(rest).length > 0 && html`<${JsonText} value=${rest} />`}
  </section>`;
}
