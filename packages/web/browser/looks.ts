/** What every page is looked at in: a wide window by day, a phone by night. */
export const LOOKS = [
  { scheme: "light", width: 1440 },
  { scheme: "dark", width: 360 },
] as const;
