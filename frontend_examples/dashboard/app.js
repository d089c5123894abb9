// The frame of every page: where one is, where one can go, and the page itself.
import { html, useEffect, useRef, useState } from "./html.js";
import { useShortcuts } from "./jump/use-shortcuts.js";
import { Later, loadParts } from "./parts/later.js";
import { Empty } from "./parts/notices.js";
import { ListPage } from "./lists/list-page.js";
import { linkTo } from "./state/address.js";
import { carried, questionParams, readQuestion } from "./state/question.js";
import { nameOf, setTitle, useAddress } from "./state/use-address.js";

/** The pages of the menu; `subject` is what their filter is about. */
const PLACES = [
  { name: "traces", label: "Traces", subject: "traces" },
  { name: "spans", label: "Spans", subject: "spans" },
  { name: "errors", label: "Errors", subject: "spans" },
  { name: "statistics", label: "Statistics", subject: "spans" },
  { name: "compare", label: "Compare", subject: "spans" },
  { name: "services", label: "Services", subject: "spans" },
  { name: "sessions", label: "Sessions", subject: "traces" },
];

const ICON = new URL("./icon.svg", import.meta.url).href;

export function App() {
  const address = useAddress();
  const main = useRef(null);
  const menu = useRef(null);
  const [dialog, setDialog] = useState(null);
  const [view, id] = address.path;
  const isFirst = useRef(true);
  // Who goes to another page with the keyboard or a screen reader begins at its content.
  useEffect(() => {
    if (!isFirst.current) main.current.focus({ preventScroll: true });
    isFirst.current = false;
  }, [view, id]);
  useEffect(() => setTitle(id ? nameOf(view, id) : (placeOf(view)?.label ?? "No such page")), [view, id]);
  // On a phone the menu scrolls sideways.
  useEffect(() => {
    menu.current.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [view]);
  useEffect(() => {
    const wait = setTimeout(loadParts, 2000);
    return () => clearTimeout(wait);
  }, []);
  useShortcuts({ jump: () => setDialog("jump"), help: () => setDialog("help") });
  const close = () => setDialog(null);
  const places = PLACES.map((place) => ({ ...place, link: linkOf(place, address) }));
  return html`<button type="button" class="skip" onClick=${() => skipTo(main.current)}>Skip to content</button>
    <header class="top">
      <a class="brand" href="#/traces" aria-label="Spanwell, all traces">
        <img src=${ICON} alt="" width="24" height="24" /><span>Spanwell</span>
      </a>
      <nav aria-label="Pages" ref=${menu}>
        ${places.map(
          ({ name, label, link }) =>
            html`<a href=${link} key=${name} aria-current=${placeOf(view)?.name === name ? "page" : null}>${label}</a>`,
        )}
      </nav>
      <div class="top-tools">
        <${Later} name="topTools" waiting=${null} isBehind=${true} open=${setDialog} />
      </div>
    </header>
    <main id="main" tabindex="-1" ref=${main} class=${`page page-${view}`}>
      <${Page} view=${view} id=${id} params=${address.params} />
    </main>
    ${dialog && html`<${Later} name=${dialog} waiting=${null} places=${places} close=${close} />`}`;
}

function Page({ view, id, params }) {
  if (view === "trace" && id) return html`<${Later} name="trace" key=${id} traceId=${id} params=${params} />`;
  if (view === "span" && id) return html`<${Later} name="lookup" key=${id} id=${id} />`;
  if ((view === "session" || view === "thread") && id)
    return html`<${Later} name="conversation" key=${id} noun=${view} id=${id} params=${params} />`;
  if (view === "sessions" || view === "threads")
    return html`<${Later} name="sessions" key=${view} grouping=${view} params=${params} />`;
  if (["services", "statistics", "errors", "compare"].includes(view))
    return html`<${Later} name=${view} key=${view} params=${params} />`;
  if (view === "traces" || view === "spans") return html`<${ListPage} key=${view} subject=${view} params=${params} />`;
  return html`<h1 class="unseen">No such page</h1>
    <${Empty} title="There is no such page">
    <p>The address names none of the pages here. <a href="#/traces">See all traces</a>.</p>
  <//>`;
}

const WITHIN = { trace: "traces", span: "spans", threads: "sessions", session: "sessions", thread: "sessions" };

const placeOf = (view) => PLACES.find(({ name }) => name === (WITHIN[view] ?? view));

/** Another page with the same filter and period, as far as they mean something there. */
function linkOf({ name, subject }, { path, params }) {
  const hasFilter = ["threads", ...PLACES.map((place) => place.name)].includes(path[0]);
  return linkTo([name], hasFilter ? questionParams(carried(readQuestion(params), subject)) : {});
}

/** Past the filter and the charts, to the first row, if there are rows. */
function skipTo(main) {
  (main.querySelector(".rows a, .tree") ?? main).focus();
}
