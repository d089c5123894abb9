import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "urql";
import { App } from "./app";
import { client } from "./client";
import "./styles.css";

const place = document.getElementById("app");
if (!place) throw new Error("The page has no element #app.");

createRoot(place).render(
  <StrictMode>
    <Provider value={client}>
      <App />
    </Provider>
  </StrictMode>,
);
