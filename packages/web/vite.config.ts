import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { contractData } from "./build/contract-data.ts";
import { iconImports } from "./build/icon-imports.ts";
import { preloadStart } from "./build/preload-start.ts";
import { themeVariables } from "./build/theme-variables.ts";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [contractData(), iconImports(), react(), themeVariables(), preloadStart()],
  // SST brings an older React to the root of the workspace: there must be one React in the page.
  resolve: { dedupe: ["react", "react-dom"] },
  // Found all at once: the dev server would otherwise reload the page for each page's own.
  optimizeDeps: { entries: ["src/**/*.{ts,tsx}", "!src/**/*.test.ts"] },
  build: {
    // The content security policy has no data: fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    // Few files: each one that is asked for costs a slow phone time. What the shell stands on, and what the pages have in common.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What asks for the page's code stands on nothing that has yet to come.
            { name: "first", test: /src[\\/]app[\\/]page-loads|vite[\\/]preload-helper/, priority: 3 },
            {
              name: "shell",
              test: /src[\\/](theme|app[\\/](?!account-menu|notifications|page-loads)|session|routes[\\/]welcome)|node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/,
              priority: 2,
            },
            { name: "page", test: /@floating-ui|src[\\/]statement[\\/](transaction|filter|use-)/, priority: 1 },
          ],
        },
      },
    },
  },
});
