// The field of the filter bar: a combobox that goes from field to operator to value. A whole condition can be typed
// too, and a pasted id leads to its trace.
import { html, useEffect, useId, useRef, useState } from "../html.js";
import { findRecords } from "../jump/find-records.js";
import { go } from "../state/address.js";
import { isListOperator, isSwitch, knownType, operatorLabel } from "../state/fields.js";
import { chipType } from "../state/filter.js";
import { idsIn } from "../state/ids.js";
import { normalValue, parsePhrase } from "../state/phrase.js";
import { valueChip } from "./suggestions.js";
import { OptionItem } from "./option-item.js";
import { useOptions } from "./use-options.js";

export function FilterInput({ subject, question, filter, edited, isFirst, add, leave, search, removeLast }) {
  const [draft, setDraft] = useState(() => edited && draftOf(edited));
  const [text, setText] = useState(edited && !isSwitch(chipType(edited), edited.operator) ? edited.value : "");
  const [isOpen, setOpen] = useState(Boolean(edited));
  const [active, setActive] = useState(-1);
  const [refusal, setRefusal] = useState("");
  const input = useRef(null);
  const id = useId();
  const { options, fields } = useOptions({ draft, text, subject, question, filter, isOpen });
  const isShown = isOpen && options.length > 0;
  useEffect(() => {
    if (edited) input.current.select();
  }, []);

  const write = (value, next = draft) => {
    setDraft(next);
    setText(value);
    setActive(-1);
    setRefusal("");
  };
  const restart = () => {
    write("", null);
    setOpen(false);
  };
  const commit = (chip) => {
    restart();
    add(chip);
  };
  const commitValue = (typed) => {
    const { value, refusal: reason } = normalValue(draft, typed.trim());
    if (reason) return setRefusal(reason);
    const { type: _, ...chip } = draft;
    return commit({ ...chip, value });
  };
  const choose = (option) => {
    input.current.focus();
    if (option.link) return leaveFor(option.link);
    if (option.search) return searchFor(option.search);
    if (option.chip) return commit(option.chip);
    if (option.draft) return write("", option.draft);
    if (isListOperator(draft.operator)) return write(`${text.split(",").slice(0, -1).concat(option.value).join(",")},`);
    return commit({ ...valueChip(draft, option.value), operator: draft.operator });
  };
  const leaveFor = (link) => {
    restart();
    go(link);
  };
  const searchFor = (words) => {
    restart();
    search(words);
  };
  const enter = () => {
    if (options[active]) return choose(options[active]);
    if (draft?.operator) return commitValue(text.replace(/,\s*$/, ""));
    if (draft) return options[0] && choose(options[0]);
    return text.trim() ? enterText(text.trim()) : undefined;
  };
  const enterText = async (words) => {
    // What looks like an id and is none of ours may stand in a text: the id of a request, or of an order.
    const [record] = idsIn(words) ? await findRecords(words).catch(() => []) : [];
    if (record) return leaveFor(record.link);
    const phrase = parsePhrase(words, subject, fields);
    if (phrase?.refusal) return setRefusal(phrase.refusal);
    if (phrase) return commit(phrase.chip);
    const isKnown = fields.some(({ name }) => name === words) || (subject === "traces" && knownType(words));
    const field = isKnown && options.find((option) => option.draft && option.label === words);
    return field ? choose(field) : searchFor(words);
  };
  const stepBack = () => {
    if (draft?.operator) write("", { ...draft, operator: undefined });
    else if (draft) write("", null);
    else removeLast();
  };
  const escape = () => {
    if (draft || text) restart();
    setOpen(false);
    leave();
  };
  const keys = {
    ArrowDown: () => {
      setOpen(true);
      setActive((active + 1) % Math.max(1, options.length));
    },
    ArrowUp: () => setActive((active <= 0 ? options.length : active) - 1),
    Enter: enter,
    Escape: escape,
  };
  const onKeyDown = (event) => {
    if (event.key === "Backspace" && !text) return stepBack();
    if (event.key === "Tab" && options[active]) {
      event.preventDefault();
      return choose(options[active]);
    }
    if (!keys[event.key] || event.isComposing) return undefined;
    event.preventDefault();
    return keys[event.key]();
  };
  const onInput = (event) => {
    write(event.currentTarget.value);
    setOpen(true);
  };

  return html`<div class="filter-input">
    ${draft && html`<span class="draft" aria-hidden="true">${draftWords(draft)}</span>`}
    <input
      ref=${input} type="text" role="combobox" autocomplete="off" autocapitalize="off" spellcheck=${false}
      aria-label=${labelOf(draft)} aria-expanded=${isShown} aria-controls=${id} aria-autocomplete="list"
      aria-activedescendant=${isShown && options[active] ? `${id}-${active}` : null}
      aria-invalid=${Boolean(refusal)} placeholder=${placeholderOf(draft, isFirst)} value=${text}
      onInput=${onInput} onFocus=${() => setOpen(true)} onClick=${() => setOpen(true)} onBlur=${() => setOpen(false)}
      onKeyDown=${onKeyDown}
    />
    ${refusal && html`<p class="refusal" role="alert">${refusal}</p>`}
    <ul class="options" role="listbox" id=${id} aria-label="Suggestions" hidden=${!isShown}>
      ${
        isShown &&
        options.map(
          (option, index) => html`<${OptionItem} key=${option.id} id=${`${id}-${index}`} option=${option}
          isActive=${index === active} choose=${() => choose(option)} />`,
        )
      }
    </ul>
  </div>`;
}

/** A condition to be made anew: its value is what one most often changes. */
function draftOf({ value, ...chip }) {
  const type = chipType(/** @type {any} */ ({ ...chip, value }));
  return isSwitch(type, chip.operator) ? { ...chip, type, operator: undefined } : { ...chip, type };
}

const SCOPES = { spans: "any span: ", root: "root: " };

const draftWords = ({ scope, field, operator, not }) =>
  `${not ? "not " : ""}${SCOPES[scope] ?? ""}${field} ${operator ? operatorLabel(operator) : ""}`;

function labelOf(draft) {
  if (!draft) return "Add a condition or search";
  return draft.operator ? `Value: ${draft.field} ${operatorLabel(draft.operator)}` : `Operator for ${draft.field}`;
}

function placeholderOf(draft, isFirst) {
  if (!draft) return isFirst ? "Filter by field, paste an id, or search for text" : "Add a condition";
  if (!draft.operator) return "operator";
  if (draft.type === "TIME") return "2026-01-31 09:30";
  if (draft.field === "durationMs") return "250ms, 2s";
  return isListOperator(draft.operator) ? "values, with commas" : "value";
}
