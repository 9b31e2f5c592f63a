import { expect, it } from "vitest";
import { barChart } from "./chart.ts";

const bars = [
  { name: "Aira <1>", value: 17, label: "17 of 17", ours: true },
  { name: "other", value: 8.5, label: "8.5", ours: false },
];

it("bars are as long as their values, on one scale per panel", () => {
  const lengths = [...barChart("t", [{ title: "p", bars }], "f").matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, length]) =>
    Number(length),
  );
  expect(lengths).toHaveLength(2);
  expect(lengths[0]! / lengths[1]!).toBeCloseTo(2, 2);
});

it("text is escaped, and the colours follow the reader's scheme", () => {
  const svg = barChart('"Costs" & more', [{ title: "p", bars }], "f");
  expect(svg).toContain("Aira &lt;1>");
  expect(svg).toContain('aria-label="&quot;Costs&quot; &amp; more"');
  expect(svg).toContain("prefers-color-scheme: dark");
});

it("a panel of zeros is drawn", () => {
  const svg = barChart("t", [{ title: "p", bars: [{ name: "none", value: 0, label: "0", ours: true }] }], "f");
  expect(svg).not.toMatch(/NaN|Infinity/);
});
