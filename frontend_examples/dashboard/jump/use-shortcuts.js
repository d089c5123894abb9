// Keys that work on every page, wherever the focus is: Ctrl-K goes anywhere, `?` lists the keys, `/` goes to the
// filter.
import { useEffect, useRef } from "../html.js";

const FIELDS = "input, textarea, select, [contenteditable]";

/** Whether a key belongs to a field that is being typed in, or to a dialog. */
export const isTyping = ({ target }) => Boolean(target.closest?.(`${FIELDS}, dialog`));

/** @param {{jump: () => void, help: () => void}} actions */
export function useShortcuts(actions) {
  const newest = useRef(actions);
  newest.current = actions;
  useEffect(() => {
    const onKeyDown = (event) => {
      const isJump = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
      if (isJump) {
        event.preventDefault();
        return newest.current.jump();
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return undefined;
      if (event.key === "?") return newest.current.help();
      /** @type {HTMLElement | false | null} */
      const filter = event.key === "/" && document.querySelector(".filter-input input");
      if (filter) {
        event.preventDefault();
        filter.focus();
      }
      return undefined;
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
