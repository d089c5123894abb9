import { aheadAnswered } from "./api/request.js";
import { App } from "./app.js";
import { html, render } from "./html.js";
import { readAddress } from "./state/address.js";

/** A list that is nearly there is the first thing that the page draws. */
const SOON = 80;

// The modules of the page that one came for, and of what stands around a list: the list itself waits for neither.
const view = readAddress().path[0];
for (const link of document.querySelectorAll(`link[data-views~="${CSS.escape(view)}"]`))
  link.setAttribute("rel", "modulepreload");

if (view === "traces" || view === "spans")
  await Promise.race([aheadAnswered(), new Promise((resolve) => setTimeout(resolve, SOON))]);
render(html`<${App} />`, document.getElementById("app"));
