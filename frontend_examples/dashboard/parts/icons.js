// Icons, drawn on a grid of 16; they take the colour of the text around them and say nothing to screen readers.
import { html } from "../html.js";

const PATHS = {
  check: "M3.5 8.5l3 3 6-7",
  cross: "M4 4l8 8M12 4l-8 8",
  running: "M8 2.5a5.5 5.5 0 1 0 5.5 5.5",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.5 10.5l3 3",
  sun: "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M12.8 3.2l-1 1M4.2 11.8l-1 1",
  moon: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8",
  code: "M5.5 4L1.8 8l3.7 4M10.5 4l3.7 4-3.7 4",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  open: "M6 3H3v10h10v-3M9 2.5h4.5V7M13.2 2.8L7.5 8.5",
  back: "M9.5 3.5L5 8l4.5 4.5",
  down: "M3.5 6L8 10.5 12.5 6",
  filter: "M2 3.5h12M4.5 8h7M6.5 12.5h3",
  live: "M8 6.8a1.2 1.2 0 1 1 0 2.4 1.2 1.2 0 0 1 0-2.4M4.8 4.8a4.5 4.5 0 0 0 0 6.4M11.2 4.8a4.5 4.5 0 0 1 0 6.4M2.7 2.7a7.5 7.5 0 0 0 0 10.6M13.3 2.7a7.5 7.5 0 0 1 0 10.6",
  clock: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M8 4.8V8l2.2 1.6",
  refresh: "M13.2 8a5.2 5.2 0 1 1-1.6-3.8M13.4 2v3h-3",
  play: "M5 3.2v9.6L12.6 8z",
  help: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.3M8 11.2v.2",
  link: "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.7.7M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.7-.7",
  download: "M8 2.5v7.5M5 7.2l3 3 3-3M3 13h10",
  trash: "M3 4.5h10M6.2 4.5V2.8h3.6v1.7M4.2 4.5l.6 8.7h6.4l.6-8.7",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  star: "M8 2.3l1.7 3.6 3.9.5-2.9 2.7.8 3.9L8 11.1 4.5 13l.8-3.9L2.4 6.4l3.9-.5z",
  flame: "M2.5 12.5h11M2.5 9h8M2.5 5.5h5",
  up: "M5 7.2l2.6-4.8a1.3 1.3 0 0 1 1.5 1.6l-.5 2.7h3.5a1.2 1.2 0 0 1 1.2 1.5l-.9 3.9a1.5 1.5 0 0 1-1.5 1.2H5zM5 7.2H2.4v6.1H5",
  compare: "M8 2v12M6 4.5H2.5v7H6M10 4.5h3.5v7H10",
  warn: "M8 4.2v4.6M8 11.4v.3",
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
