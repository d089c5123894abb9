// The list of keys.
import { html } from "../html.js";
import { Dialog } from "../parts/dialog.js";

/** @type {[string, [string, string][]][]} */
const KEYS = [
  [
    "Everywhere",
    [
      ["Ctrl K", "go to a page, or to a trace or span by its id"],
      ["/", "to the filter, or the search in a trace"],
      ["?", "this list"],
    ],
  ],
  [
    "In a trace",
    [
      ["↑ ↓", "walk the spans"],
      ["← →", "close and open what is below"],
      ["Home End", "first and last span"],
      ["e", "next failure"],
      ["n N", "next and previous match"],
      ["+ − 0", "zoom in, out, all"],
      ["Enter", "to the details"],
      ["Escape", "back to the spans"],
    ],
  ],
  [
    "On a chart",
    [
      ["← →", "move through time"],
      ["Shift ← →", "select a stretch"],
      ["Enter", "choose it"],
    ],
  ],
];

export function HelpDialog({ close }) {
  return html`<${Dialog} label="Keys" title="Keys" className="help" close=${close}>
    <div class="help-parts">
      ${KEYS.map(
        ([title, keys]) => html`<section key=${title}>
          <h3>${title}</h3>
          <dl>${keys.map(
            ([key, words]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${words}</dd>
            </div>`,
          )}</dl>
        </section>`,
      )}
    </div>
  <//>`;
}
