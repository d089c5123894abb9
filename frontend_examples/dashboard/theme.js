"use strict";

// Runs before the first paint, so that no other theme flashes. Without a choice the system's preference holds.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("spanwell-theme");
    } catch {
      return null; // Storage may be forbidden.
    }
  };
  const show = () => {
    document.documentElement.dataset.theme = chosen() ?? (system.matches ? "dark" : "light");
  };
  system.addEventListener("change", show);
  show();
})();
