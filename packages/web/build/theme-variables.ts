import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from "@mantine/core";
import type { Plugin } from "vite";
import { theme } from "../src/theme/theme.ts";

const ID = "virtual:theme-variables.css";

/** Mantine's variables for our theme as a file: the page's policy forbids the style element that the provider would add. */
export function themeVariables(): Plugin {
  return {
    name: "aira-theme-variables",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) =>
      id === `\0${ID}` ? convertCssVariables(defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme)), ":root") : undefined,
  };
}
