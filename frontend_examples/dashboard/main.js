import { aheadAnswered } from "./api/request.js";
import { App } from "./app.js";
import { html, render } from "./html.js";
import { isShown } from "./parts/later.js";
import { readAddress } from "./state/address.js";

/** A list that is nearly there is the first thing that the page draws. */
const SOON = 80;

const view = readAddress().path[0];
const isList = view === "traces" || view === "spans";

/** Have the modules of a page on their way; those around a list wait for the list. */
function preload() {
  for (const link of document.querySelectorAll(`link[data-views~="${CSS.escape(view)}"]`))
    link.setAttribute("rel", "modulepreload");
}

if (isList) {
  isShown.then(preload);
  await Promise.race([aheadAnswered(), new Promise((resolve) => setTimeout(resolve, SOON))]);
} else preload();
render(html`<${App} />`, document.getElementById("app"));
