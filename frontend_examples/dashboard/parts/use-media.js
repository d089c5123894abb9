// Whether a media query holds, also when the window is turned or made smaller.
import { useLayoutEffect, useState } from "../html.js";

export function useMedia(text) {
  const [holds, setHolds] = useState(() => matchMedia(text).matches);
  // Effects run after the first paint; nobody would hear of a change before.
  useLayoutEffect(() => {
    const media = matchMedia(text);
    const update = () => setHolds(media.matches);
    media.addEventListener("change", update);
    return () => media.removeEventListener("change", update);
  }, [text]);
  return holds;
}
