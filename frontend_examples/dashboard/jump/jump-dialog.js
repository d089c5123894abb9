// Go anywhere: pages by name, traces and spans by id. Ctrl-K opens it on every page.
import { html, useEffect, useRef, useState } from "../html.js";
import { go, linkTo } from "../state/address.js";
import { Dialog } from "../parts/dialog.js";
import { findRecords } from "./find-records.js";

/** @param {{places: {name: string, label: string, link: string}[], close: () => void}} props */
export function JumpDialog({ places, close }) {
  const [text, setText] = useState("");
  const [records, setRecords] = useState({ text: "", options: [] });
  const [active, setActive] = useState(0);
  const input = useRef(null);
  useEffect(() => input.current.focus(), []);
  useEffect(() => {
    const aborter = new AbortController();
    const word = text.trim();
    if (word) {
      findRecords(word, aborter.signal).then(
        (options) => setRecords({ text: word, options }),
        () => aborter.signal.aborted || setRecords({ text: word, options: [] }),
      );
    }
    return () => aborter.abort();
  }, [text]);
  const options = optionsOf(text.trim(), places, records);
  const choose = (option) => {
    close();
    go(option.link);
  };
  const move = (by) => setActive((active + by + options.length) % Math.max(1, options.length));
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => options[active] && choose(options[active]),
  };
  const onKeyDown = (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  };
  const onInput = (event) => {
    setText(event.currentTarget.value);
    setActive(0);
  };
  return html`<${Dialog} label="Go to" className="jump" close=${close}>
    <input ref=${input} type="text" role="combobox" class="jump-input"
      aria-label="Go to a page, or a trace or span by its id"
      placeholder="Paste an id or a log line, or name a page" autocomplete="off"
        spellcheck=${false}
      aria-expanded="true" aria-controls="jump-options"
        aria-activedescendant=${options[active] ? `jump-${active}` : null}
      value=${text} onInput=${onInput} onKeyDown=${onKeyDown} />
    <ul id="jump-options" class="jump-options" role="listbox" aria-label="Places">
      ${options.map(
        (option, index) => html`<li key=${option.id} id=${`jump-${index}`} class="option" role="option"
          aria-selected=${index === active} onClick=${() => choose(option)}>
          <span class="option-label">${option.label}</span><span class="option-hint">${option.hint}</span>
          ${option.detail && html`<span class="option-detail">${option.detail}</span>`}
        </li>`,
      )}
    </ul>
    ${
      !options.length &&
      html`<p class="jump-none"
      role="status">${records.text === text.trim() ? "Nothing here has this id or name." : "Looking…"}</p>`
    }
  <//>`;
}

function optionsOf(text, places, records) {
  const named = places
    .filter(({ label }) => label.toLowerCase().startsWith(text.toLowerCase()))
    .map(({ name, label, link }) => ({ id: name, label, hint: "page", link }));
  const search = {
    id: "search",
    label: `Search traces for “${text}”`,
    hint: "text",
    link: linkTo(["traces"], { q: text }),
  };
  return [...(text && records.text === text ? records.options : []), ...named, ...(text ? [search] : [])];
}
