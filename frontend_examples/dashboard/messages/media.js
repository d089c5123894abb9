// Images, audio and files of a message. What is held in the message is shown; an address elsewhere is only named,
// since to fetch it would tell its host who looks.
import { html, useState } from "../html.js";
import { plural } from "../format/numbers.js";

const IMAGE = /^data:image\/(png|jpeg|jpg|gif|webp|avif|bmp|svg\+xml)[;,]/i;
const SAFE_LINK = /^https?:\/\//i;

/** @param {{part: import("./parts.js").Part}} props */
export function Media({ part }) {
  const { kind, url, mime, name } = part;
  if (kind === "image" && url && IMAGE.test(url)) return html`<${Image} url=${url} name=${name} />`;
  const words = [name ?? kind, mime, url?.startsWith("data:") && size(url)].filter(Boolean).join(", ");
  if (url && SAFE_LINK.test(url)) {
    return html`<p class="media-chip">${words}: <a href=${url} target="_blank"
      rel="noopener noreferrer">${url.slice(0, 120)}</a></p>`;
  }
  return html`<p class="media-chip">${words}${" "}
    ${
      url?.startsWith("data:") &&
      html`<a href=${url}
      download=${name ?? `${kind}.${mime?.split("/")[1] ?? "bin"}`}>Download</a>`
    }</p>`;
}

function size(url) {
  const bytes = Math.round(((url.length - url.indexOf(",") - 1) * 3) / 4);
  return bytes < 1024 ? plural(bytes, "byte") : `${Math.round(bytes / 1024)} KB`;
}

function Image({ url, name }) {
  const [isLarge, setLarge] = useState(false);
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return html`<p class="media-chip">${name ?? "image"}: it cannot be shown</p>`;
  return html`<button type="button" class=${`media-image ${isLarge ? "is-large" : ""}`}
    aria-label=${`${name ?? "Image"}: ${isLarge ? "smaller" : "larger"}`}
    onClick=${() => setLarge(!isLarge)}>
    <img src=${url} alt=${name ?? "Image in the message"} onError=${() => setBroken(true)} />
  </button>`;
}
