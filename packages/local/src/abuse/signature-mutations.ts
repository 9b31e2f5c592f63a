interface Delivery {
  readonly name: string;
  readonly body: string | Buffer;
  readonly header: string;
}

type Change = (text: string, random: () => number) => string;

const below = (limit: number, random: () => number): number => Math.floor(random() * limit);
const replaceAt = (text: string, at: number, by: string): string => text.slice(0, at) + by + text.slice(at + 1);
/** Another hexadecimal digit than this. */
const otherDigit = (digit: string, random: () => number): string =>
  ((Number.parseInt(digit, 16) + 1 + below(15, random)) % 16).toString(16);

/** Changes of `t=…,v1=…` of which none can verify: the time and each digit of the signature are what was signed. */
const HEADER_CHANGES: Readonly<Record<string, Change>> = {
  "a digit of the signature": (header, random) => {
    const at = header.indexOf("v1=") + 3 + below(64, random);
    return replaceAt(header, at, otherDigit(header[at] ?? "0", random));
  },
  "two digits of the signature swapped": (header) => {
    const start = header.indexOf("v1=") + 3;
    const at = [...header].findIndex((digit, index) => index >= start && index < header.length - 1 && digit !== header[index + 1]);
    return header.slice(0, at) + header[at + 1] + header[at] + header.slice(at + 2);
  },
  "a digit of the time": (header, random) => {
    const at = header.indexOf("t=") + 2 + below(header.indexOf(",") - 2, random);
    return replaceAt(header, at, String((Number(header[at]) + 1 + below(9, random)) % 10));
  },
  "a second of the time": (header, random) => header.replace(/t=(\d+)/, (_, time) => `t=${Number(time) + 1 + below(200, random)}`),
  "a signature that is cut": (header, random) => header.slice(0, -1 - below(64, random)),
  "a signature that is longer": (header, random) => header + below(16, random).toString(16),
  "a signature without a digit": (header, random) => {
    const at = header.indexOf("v1=") + 3 + below(64, random);
    return header.slice(0, at) + header.slice(at + 1);
  },
  "another scheme": (header, random) => header.replace("v1=", `v${[0, 2, 3, 10, 11][below(5, random)]}=`),
  "no time": (header) => header.replace(/t=\d+,/, ""),
  "no signature": (header) => header.replace(/,v1=.*/, ""),
  "a letter for a digit": (header, random) =>
    replaceAt(header, header.indexOf("v1=") + 3 + below(64, random), "ghijxyzGHO"[below(10, random)] ?? "g"),
  "a character of another script": (header, random) => replaceAt(header, header.indexOf("v1=") + 3 + below(64, random), "\u00e9"),
};

/** Changes of the body of which each changes its bytes. */
const BODY_CHANGES: Readonly<Record<string, Change>> = {
  "a character more": (body, random) => {
    const at = below(body.length + 1, random);
    return body.slice(0, at) + " \n\t0aé💸\u0000"[below(7, random)] + body.slice(at);
  },
  "a character less": (body, random) => {
    const at = below(body.length, random);
    return body.slice(0, at) + body.slice(at + 1);
  },
  "another character": (body, random) => {
    const at = below(body.length, random);
    return replaceAt(body, at, String.fromCharCode(33 + ((body.charCodeAt(at) - 33 + 1 + below(92, random) + 93) % 93)));
  },
  "a piece twice": (body, random) => {
    const at = 1 + below(body.length, random);
    return body.slice(0, at) + body.slice(Math.max(0, at - 20));
  },
  "cut off": (body, random) => body.slice(0, below(body.length, random)),
  "another number": (body, random) => body.replace(/:(\d+)/, (_, digits) => `:${Number(digits) + 1 + below(1_000, random)}`),
};

/** So many spoilt deliveries, the same for the same random numbers. */
export function mutations(random: () => number, count: number, body: string, header: string): Delivery[] {
  const changes = [
    ...Object.entries(HEADER_CHANGES).map(([name, change]) => () => ({ name, body, header: change(header, random) })),
    ...Object.entries(BODY_CHANGES).map(([name, change]) => () => ({ name, body: change(body, random), header })),
  ];
  return Array.from({ length: count }, (_, at) => changes[at % changes.length]?.() ?? { name: "none", body: "", header: "" });
}
