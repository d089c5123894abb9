// The keys of a trace page, wherever the focus is: those of the tree, and zoom, search and failures.
import { useEffect, useRef } from "../html.js";
import { isTyping } from "../jump/use-shortcuts.js";

const OWN = "[role=separator], [role=slider], [role=tablist], summary";
/** What the focused element does with these keys itself. */
const PRESSES = new Set(["Enter", " "]);
const SCROLLS = new Set(["Home", "End", "PageDown", "PageUp", " "]);

/** @param {{current: Record<string, () => void>}} keysRef @param {Record<string, () => void>} actions */
export function useTraceKeys(keysRef, actions) {
  const newest = useRef(actions);
  newest.current = actions;
  useEffect(() => {
    const onKeyDown = (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const { target, key } = event;
      if (target.closest(OWN) || (PRESSES.has(key) && target.closest("a, button"))) return;
      if (SCROLLS.has(key) && target.closest(".span-panel, pre")) return;
      const action = newest.current[key] ?? keysRef.current?.[key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
