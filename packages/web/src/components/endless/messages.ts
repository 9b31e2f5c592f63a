import { defineCatalogue } from "../../i18n/catalogue.ts";

export const endlessMessages = defineCatalogue(
  {
    older: "Show older",
    searching: "Looking further back…",
    end: "That is everything.",
  },
  {
    older: "और दिखाएँ",
    searching: "और पीछे देखा जा रहा है…",
    end: "बस इतना ही।",
  },
);
