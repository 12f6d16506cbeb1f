import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Mode "fake" puts a province of the page's own behind it, for tests and for work in a plain browser.
export default defineConfig({
  plugins: [react()],
  base: "./",
  build: {
    target: "es2022",
    // The policy allows no data: fonts, and small files are cheap inside the program.
    assetsInlineLimit: 0,
    // In kB. Nothing that the sign-in does not need is read before it has been drawn.
    chunkSizeWarningLimit: 320,
    // The polyfill would fetch; every web view that the program runs in knows modulepreload.
    modulePreload: { polyfill: false },
  },
  server: { port: 1420, strictPort: true, fs: { allow: [".", "../src-tauri/crates/render/fonts"] } },
});
