// Whether a media query holds, also when the window is turned or made smaller.
import { useEffect, useState } from "../html.js";

export function useMedia(text) {
  const [holds, setHolds] = useState(() => matchMedia(text).matches);
  useEffect(() => {
    const media = matchMedia(text);
    const update = () => setHolds(media.matches);
    media.addEventListener("change", update);
    return () => media.removeEventListener("change", update);
  }, [text]);
  return holds;
}
