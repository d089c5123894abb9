// Downloads something when it is pressed, and says how that goes.
import { html, useState } from "../html.js";
import { Icon } from "./icons.js";

/** @param {{label: string, start: () => Promise<void>}} props */
export function DownloadButton({ label, start }) {
  const [note, setNote] = useState("");
  const press = () => {
    setNote("Downloading…");
    start().then(
      () => setNote("Downloaded"),
      (error) => setNote(error.message),
    );
  };
  return html`<button type="button" class="button quiet" onClick=${press}><${Icon} name="download" />
    <span aria-live="polite">${note || label}</span></button>`;
}
