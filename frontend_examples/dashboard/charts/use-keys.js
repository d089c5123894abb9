// Choosing a stretch of a chart with the keyboard, as a slider has it: arrows move, with Shift they select, Enter
// chooses.
import { useState } from "../html.js";

/**
 * @param {{length: number, at: number | null, setAt: Function, choose: (from: number, to: number) => void}} chart
 *   at: the place that is looked at; choose gets the stretch as shares of the whole
 */
export function useKeys({ length, at, setAt, choose }) {
  const [anchor, setAnchor] = useState(null);
  const last = length - 1;
  /** @returns {[number, number]} */
  const stretch = () => [Math.min(anchor ?? at, at) / length, (Math.max(anchor ?? at, at) + 1) / length];
  const leave = () => {
    setAnchor(null);
    setAt(null);
  };
  const moves = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -8,
    PageUp: 8,
    Home: -length,
    End: length,
  };
  const onKeyDown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) {
      const place = at ?? last;
      setAnchor(event.shiftKey ? (anchor ?? place) : null);
      setAt(Math.min(last, Math.max(0, place + moves[event.key])));
    } else if (event.key === "Enter" && at !== null) {
      choose(...stretch());
      leave();
    } else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
  };
  const [from, to] = stretch();
  return {
    selection: anchor === null || at === null ? null : { from, to },
    handlers: { onKeyDown, onFocus: () => setAt(at ?? last), onBlur: leave },
  };
}
