// The dashboard's modules by ESLint's recommended rules, and a few that keep them easy to read.
import js from "@eslint/js";

const names = (text) => Object.fromEntries(text.split(" ").map((name) => [name, "readonly"]));

const BROWSER = names(
  "AbortController Blob Event IntersectionObserver ResizeObserver TextDecoderStream URL URLSearchParams addEventListener " +
    "clearInterval clearTimeout crypto dispatchEvent document fetch history innerHeight innerWidth localStorage location " +
    "CSS matchMedia navigator performance removeEventListener scrollBy scrollTo scrollY setInterval setTimeout " +
    "requestAnimationFrame",
);

export default [
  { ignores: ["**/vendor/**"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2025, sourceType: "module", globals: BROWSER },
    rules: {
      eqeqeq: "error",
      "max-depth": ["error", 3],
      "max-lines": ["error", 300],
      "no-sequences": "error",
      "no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  { files: ["tests/**"], languageOptions: { globals: { process: "readonly" } } },
];
