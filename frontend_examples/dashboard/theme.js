"use strict";

// Runs before the first paint, so that a chosen theme does not flash. Without a choice the system's preference holds.
(() => {
  try {
    const chosen = localStorage.getItem("spanwell-theme");
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; the system's preference is a fine answer.
  }
})();
