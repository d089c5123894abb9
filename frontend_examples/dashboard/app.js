// The frame of every page: where one is, where one can go, and the page itself.
import { html, useEffect, useRef } from "./html.js";
import { Icon } from "./parts/icons.js";
import { Later, loadParts } from "./parts/later.js";
import { ThemeButton } from "./parts/theme-button.js";
import { ListPage } from "./parts/list-page.js";
import { linkTo } from "./state/address.js";
import { useAddress } from "./state/use-address.js";

const PLACES = [
  { name: "traces", label: "Traces" },
  { name: "spans", label: "Spans" },
  { name: "services", label: "Services" },
  { name: "sessions", label: "Sessions" },
];

export function App() {
  const address = useAddress();
  const main = useRef(null);
  const [view, id] = address.path;
  const isFirst = useRef(true);
  // Who goes to another page with the keyboard or a screen reader begins at its content.
  useEffect(() => {
    if (!isFirst.current) main.current.focus({ preventScroll: true });
    isFirst.current = false;
  }, [view, id]);
  useEffect(() => {
    document.title = `${labelOf(view)} · Spanwell`;
  }, [view]);
  useEffect(() => {
    const wait = setTimeout(loadParts, 2000);
    return () => clearTimeout(wait);
  }, []);
  return html`<button type="button" class="skip" onClick=${() => main.current.focus()}>Skip to content</button>
    <header class="top">
      <a class="brand" href="#/traces" aria-label="Spanwell, all traces">
        <img src="dashboard/icon.svg" alt="" width="24" height="24" /><span>Spanwell</span>
      </a>
      <nav aria-label="Pages">
        ${PLACES.map(
          ({ name, label }) =>
            html`<a href=${linkTo([name])} key=${name} aria-current=${isAt(name, view) ? "page" : null}>${label}</a>`,
        )}
      </nav>
      <div class="top-tools">
        <a class="button quiet" href="playground"><${Icon} name="play" /><span>Playground</span></a>
        <${ThemeButton} />
      </div>
    </header>
    <main id="main" tabindex="-1" ref=${main} class=${`page page-${view}`}>
      <${Page} view=${view} id=${id} params=${address.params} />
    </main>`;
}

function Page({ view, id, params }) {
  if (view === "trace" && id) return html`<${Later} name="trace" key=${id} traceId=${id} params=${params} />`;
  if ((view === "session" || view === "thread") && id) return html`<${Later} name="conversation" key=${id} noun=${view} id=${id} />`;
  if (view === "sessions" || view === "threads") return html`<${Later} name="sessions" key=${view} sort=${view} params=${params} />`;
  if (view === "services") return html`<${Later} name="services" key="services" params=${params} />`;
  return html`<${ListPage} key=${view} subject=${view === "spans" ? "spans" : "traces"} params=${params} />`;
}

const WITHIN = { trace: "traces", threads: "sessions", session: "sessions", thread: "sessions" };

const isAt = (name, view) => name === (WITHIN[view] ?? view);

const labelOf = (view) => PLACES.find(({ name }) => isAt(name, view))?.label ?? "Traces";
