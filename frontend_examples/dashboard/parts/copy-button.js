// Copies a text. Where a page may not reach the clipboard, as over plain http, the text is selected and copied the
// old way.
import { html, useState } from "../html.js";
import { Icon } from "./icons.js";

/** @param {{text: string | (() => string), label: string, quiet?: boolean, icon?: string}} props */
export function CopyButton({ text, label, quiet = false, icon = "copy" }) {
  const [note, setNote] = useState("");
  const copy = async (event) => {
    const beside = event.currentTarget;
    const isDone = await copyText(typeof text === "function" ? text() : text, beside);
    setNote(isDone ? "Copied" : "Could not copy");
    setTimeout(() => setNote(""), 1600);
  };
  return html`<button type="button" class=${quiet ? "button quiet" : "button"} onClick=${copy}>
    <${Icon} name=${note === "Copied" ? "check" : icon} /><span aria-live="polite">${note || label}</span>
  </button>`;
}

/** @returns {Promise<boolean>} whether it worked; `beside` is an element in the same dialog, if there is one */
async function copyText(text, beside) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text, beside);
  }
}

function copySelected(text, beside) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  beside.parentElement.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  beside.focus();
  return isDone;
}
