import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// While developing, the page comes from Vite and GraphQL, sockets included, from a Spanwell server beside it. The
// origin is rewritten because the server takes sockets from its own pages only.
export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/graphql": { target: "http://127.0.0.1:8000", changeOrigin: true, ws: true, rewriteWsOrigin: true } } },
});
