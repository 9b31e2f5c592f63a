/** Calling codes of two digits. Of one digit there are 1 and 7; all others have three. */
const TWO_DIGITS = new Set(
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(
    " ",
  ),
);

const codeLength = (digits: string): number => (/^[17]/.test(digits) ? 1 : TWO_DIGITS.has(digits.slice(0, 2)) ? 2 : 3);

/** An E.164 number in groups that one can read out: `+1 415 555 0134`. What is none, like a short code or a name, stays as it is. */
export function formatPhone(number: string): string {
  const [, digits] = /^\+(\d{7,15})$/.exec(number) ?? [];
  if (digits === undefined) return number;
  const length = codeLength(digits);
  return `+${[digits.slice(0, length), ...groupsOf(digits.slice(length))].join(" ")}`;
}

/** Where groups of three would leave a single digit or two over. */
const FIRST_OF: Readonly<Record<number, number>> = { 5: 2, 8: 4 };

/** Groups of three, the last of three or four digits. Each country has a custom of its own; this one reads well everywhere. */
function groupsOf(digits: string): string[] {
  if (digits.length <= 4) return [digits];
  const size = FIRST_OF[digits.length] ?? 3;
  return [digits.slice(0, size), ...groupsOf(digits.slice(size))];
}

/** The four digits that tell one number from another. */
export const lastFour = (number: string): string => number.slice(-4);
