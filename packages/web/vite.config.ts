import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { iconImports } from "./build/icon-imports.ts";
import { themeVariables } from "./build/theme-variables.ts";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [iconImports(), react(), themeVariables()],
  // SST brings an older React to the root of the workspace: there must be one React in the page.
  resolve: { dedupe: ["react", "react-dom"] },
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
            {
              name: "base",
              test: /node_modules[\\/](react|react-dom|scheduler|react-router|oidc-client-ts|zod|@tanstack[\\/]query-core)[\\/]/,
            },
            {
              name: "page",
              test: /@floating-ui|components[\\/](Combobox|Select|Input|InputBase|Popover|ScrollArea|TextInput|Portal|FocusTrap|CloseButton|segments)|src[\\/]statement[\\/](transaction|filter|use-|source)/,
            },
          ],
        },
      },
    },
  },
});
