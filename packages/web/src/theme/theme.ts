import type { MantineColorsTuple, MantineThemeOverride } from "@mantine/core";

const petrol: MantineColorsTuple = [
  "#eaf4f1",
  "#d3e7e1",
  "#a9d0c5",
  "#7cb8a8",
  "#57a38f",
  "#388d78",
  "#1f7763",
  "#0f6152",
  "#0b4f43",
  "#083d34",
];

const gray: MantineColorsTuple = [
  "#f6f8f7",
  "#eef1f0",
  "#e2e7e5",
  "#d2d9d6",
  "#b9c3bf",
  "#93a09b",
  "#6e7c77",
  "#54625d",
  "#36423e",
  "#18211f",
];

const dark: MantineColorsTuple = [
  "#dfe6e3",
  "#b6c1bd",
  "#94a29d",
  "#6f7e79",
  "#4b5955",
  "#35413e",
  "#232d2a",
  "#171f1d",
  "#101615",
  "#0b100f",
];

/** Petrol on paper: one accent, neutrals that lean towards it, no shadows but where something floats. */
export const theme: MantineThemeOverride = {
  primaryColor: "petrol",
  colors: { petrol, gray, dark },
  // White text stands on both.
  primaryShade: { light: 7, dark: 6 },
  black: "#14201d",
  fontFamily: '"Plex Sans", "Plex Sans Devanagari", ui-sans-serif, system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: "600" },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "9px", lg: "14px", xl: "20px" },
  cursorType: "pointer",
  respectReducedMotion: true,
};
