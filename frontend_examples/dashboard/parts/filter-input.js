// The field of the filter bar: a combobox that goes from field to operator to value.
import { html, useEffect, useId, useRef, useState } from "../html.js";
import { attributeText } from "../state/filter.js";
import { isListOperator, operatorLabel } from "../state/fields.js";
import { fieldOptions, loadFields, normalValue, operatorOptions, valueOptions } from "../state/suggestions.js";

export function FilterInput({ subject, filter, isFirst, add, search, removeLast }) {
  const [draft, setDraft] = useState(null);
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef(null);
  const id = useId();
  const options = useOptions({ draft, text, subject, filter, isOpen });
  const shown = isOpen && options.length > 0;

  const restart = () => (setDraft(null), setText(""), setActive(-1));
  const commit = (chip) => (restart(), setOpen(false), add(chip));
  const commitValue = (value) => {
    const normal = normalValue(draft, value);
    if (normal === null || normal === "") return;
    const { type, ...chip } = draft;
    commit({ ...chip, value: chip.level && type === "TEXT" ? attributeText(normal) : normal });
  };
  const choose = (option) => {
    input.current.focus();
    if (option.search) return restart(), setOpen(false), search(option.search);
    if (option.chip) return commit(option.chip);
    if (option.draft) return setDraft(option.draft), setText(""), setActive(-1), setOpen(true);
    if (isListOperator(draft.operator)) return setText(`${text.split(",").slice(0, -1).concat(option.value).join(",")},`), setActive(-1);
    return commitValue(option.value);
  };
  const enter = () => {
    if (options[active]) return choose(options[active]);
    if (draft?.operator) return commitValue(text.replace(/,\s*$/, ""));
    if (draft) return options[0] && choose(options[0]);
    return text.trim() && choose({ search: text.trim() });
  };
  const stepBack = () => {
    if (draft?.operator) setDraft({ ...draft, operator: undefined });
    else if (draft) setDraft(null);
    else removeLast();
    setActive(-1);
  };
  const keys = {
    ArrowDown: () => (setOpen(true), setActive((active + 1) % Math.max(1, options.length))),
    ArrowUp: () => setActive((active <= 0 ? options.length : active) - 1),
    Enter: enter,
    Escape: () => (draft ? restart() : setOpen(false)),
  };
  const onKeyDown = (event) => {
    if (event.key === "Backspace" && !text) return stepBack();
    if (event.key === "Tab" && options[active]) return event.preventDefault(), choose(options[active]);
    if (!keys[event.key] || event.isComposing) return undefined;
    event.preventDefault();
    return keys[event.key]();
  };

  return html`<div class="filter-input">
    ${draft && html`<span class="draft" aria-hidden="true">
      ${draft.scope && "any span: "}${draft.field} ${draft.operator && operatorLabel(draft.operator)}
    </span>`}
    <input
      ref=${input} type="text" role="combobox" autocomplete="off" autocapitalize="off" spellcheck=${false}
      aria-label=${labelOf(draft)} aria-expanded=${shown} aria-controls=${id} aria-autocomplete="list"
      aria-activedescendant=${shown && options[active] ? `${id}-${active}` : null}
      placeholder=${placeholderOf(draft, isFirst)}
      value=${text}
      onInput=${(event) => (setText(event.currentTarget.value), setActive(-1), setOpen(true))}
      onFocus=${() => setOpen(true)} onClick=${() => setOpen(true)} onBlur=${() => setOpen(false)} onKeyDown=${onKeyDown}
    />
    <ul class="options" role="listbox" id=${id} aria-label="Suggestions" hidden=${!shown}>
      ${shown && options.map((option, index) => html`<${OptionItem} key=${option.id} id=${`${id}-${index}`} option=${option}
        isActive=${index === active} choose=${() => choose(option)} />`)}
    </ul>
  </div>`;
}

function OptionItem({ id, option, isActive, choose }) {
  const item = useRef(null);
  useEffect(() => {
    if (isActive) item.current.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return html`<li ref=${item} id=${id} role="option" aria-selected=${isActive} class="option"
    onMouseDown=${(event) => event.preventDefault()} onClick=${choose}>
    <span class="option-label">${option.label}</span>
    ${option.hint && html`<span class="option-hint">${option.hint}</span>`}
    ${option.detail && html`<span class="option-detail">${option.detail}</span>`}
  </li>`;
}

function useOptions({ draft, text, subject, filter, isOpen }) {
  const [fields, setFields] = useState([]);
  const [values, setValues] = useState([]);
  useEffect(() => {
    if (isOpen) loadFields().then(setFields);
  }, [isOpen]);
  const isValue = Boolean(draft?.operator);
  useEffect(() => {
    setValues([]);
    if (!isOpen || !isValue) return undefined;
    const aborter = new AbortController();
    const wait = setTimeout(() => {
      valueOptions(draft, text, filter, aborter.signal).then(setValues, () => setValues([]));
    }, text ? 120 : 0);
    return () => (clearTimeout(wait), aborter.abort());
  }, [isOpen, isValue, draft, text]);
  if (!draft) return fieldOptions(fields, text.trim(), subject);
  return isValue ? values : operatorOptions(draft, text.trim());
}

function labelOf(draft) {
  if (!draft) return "Add a condition or search";
  return draft.operator ? `Value: ${draft.field} ${operatorLabel(draft.operator)}` : `Operator for ${draft.field}`;
}

function placeholderOf(draft, isFirst) {
  if (!draft) return isFirst ? "Filter by field, or search for text" : "Add a condition";
  if (!draft.operator) return "operator";
  if (draft.type === "TIME") return "2026-01-31 09:30";
  if (draft.field === "durationMs") return "250ms, 2s";
  return isListOperator(draft.operator) ? "values, with commas" : "value";
}
