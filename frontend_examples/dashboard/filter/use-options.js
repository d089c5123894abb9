// The suggestions for what is being typed: records and fields, then operators, then values.
import { useEffect, useState } from "../html.js";
import { findRecords } from "../jump/find-records.js";
import { carried, questionFilter } from "../state/question.js";
import { columnFields, fieldOptions, findValues, loadFields, operatorOptions } from "./suggestions.js";

const PAUSE = 120;

/** Call after a pause, and not at all if something else comes first. */
function later(ms, call) {
  const aborter = new AbortController();
  const wait = setTimeout(() => call(aborter.signal), ms);
  return () => {
    clearTimeout(wait);
    aborter.abort();
  };
}

/** @returns {{options: import("./suggestions.js").Option[], fields: any[]}} */
export function useOptions({ draft, text, subject, question, filter, isOpen }) {
  const [fields, setFields] = useState(columnFields);
  const [values, setValues] = useState([]);
  const [records, setRecords] = useState({ text: "", options: [] });
  const word = text.trim();
  // Fields and values are those of what the list shows: its period, and what of its filter spans can be asked.
  const spanFilter = questionFilter(spanQuestion(question, subject), "spans");
  useEffect(() => {
    if (isOpen) loadFields(spanFilter).then(setFields, () => {});
  }, [isOpen, JSON.stringify(question)]);
  const isValue = Boolean(draft?.operator);
  useEffect(() => {
    setValues([]);
    if (!isOpen || !isValue) return undefined;
    const show = (signal) => (options) => signal.aborted || setValues(options);
    return later(word ? PAUSE : 0, (signal) =>
      findValues(draft, text, { subject, filter, spanFilter, signal }, show(signal)).catch(() => show(signal)([])),
    );
  }, [isOpen, isValue, draft, text]);
  useEffect(() => {
    if (!isOpen || draft || !word) return undefined;
    return later(PAUSE, (signal) =>
      findRecords(word, signal).then(
        (options) => signal.aborted || setRecords({ text: word, options }),
        () => {},
      ),
    );
  }, [isOpen, draft, word]);
  if (draft) return { fields, options: isValue ? values : operatorOptions(draft, word) };
  const found = records.text === word ? records.options : [];
  return { fields, options: [...(word ? found : []), ...fieldOptions(fields, word, subject)] };
}

/** Of conditions on traces only the period speaks of each of their spans. */
const spanQuestion = (question, subject) =>
  subject === "spans" ? carried(question, "spans") : { ...carried(question, "spans"), chips: [], search: "" };
