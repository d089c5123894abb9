// The waterfall with the overview above it.
import { html } from "../html.js";
import { Overview } from "../waterfall/overview.js";
import { Waterfall } from "../waterfall/waterfall.js";

export function WaterfallView({ tree, shown, selected, select, colourOf, zoom, setZoom, found, critical, keysRef }) {
  return html`<section class="trace-time splits-names" aria-label="Waterfall">
    <${Overview} tree=${tree} zoom=${zoom} setZoom=${setZoom} />
    <${Waterfall} tree=${tree} rows=${shown.rows} selected=${selected} select=${select} toggle=${shown.toggle}
      zoom=${zoom} setZoom=${setZoom} colourOf=${colourOf} found=${found} critical=${critical} keysRef=${keysRef} />
  </section>`;
}
