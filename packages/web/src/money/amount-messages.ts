import { defineCatalogue } from "../i18n/catalogue.ts";

/** What is wrong with a typed amount, with a bound or an example. */
export const amountMessages = defineCatalogue(
  {
    missing: (example: string) => `Type an amount, for example ${example}.`,
    unreadable: (example: string) => `Write the amount in digits, like ${example}.`,
    too_precise: () => "Write at most two digits after the decimal separator.",
    too_small: (bound: string) => `At least ${bound}.`,
    too_large: (bound: string) => `At most ${bound} at a time.`,
  },
  {
    missing: (example) => `राशि लिखें, जैसे ${example}।`,
    unreadable: (example) => `राशि अंकों में लिखें, जैसे ${example}।`,
    too_precise: () => "दशमलव के बाद अधिकतम दो अंक लिखें।",
    too_small: (bound) => `कम से कम ${bound}।`,
    too_large: (bound) => `एक बार में अधिकतम ${bound}।`,
  },
);
