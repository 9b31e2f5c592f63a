/** One bar. `value` sets its length, `label` stands at its end. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly label: string;
  /** Ours stands out. */
  readonly ours: boolean;
}

export interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 860;
const MARGIN = 20;
const NAME_WIDTH = 210;
const LABEL_WIDTH = 120;
const BAR_HEIGHT = 16;
const ROW_HEIGHT = 24;
const TITLE_HEIGHT = 34;
const PANEL_GAP = 14;

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Panels of horizontal bars, one below the other, each on a scale of its own from zero. Readable on light and on dark ground. */
export function barChart(title: string, panels: readonly Panel[], footer: string): string {
  const parts: string[] = [];
  let y = MARGIN + 18;
  parts.push(`<text class="title" x="${MARGIN}" y="${y}">${escaped(title)}</text>`);
  y += 16;
  for (const panel of panels) {
    y += TITLE_HEIGHT;
    parts.push(`<text class="panel" x="${MARGIN}" y="${y - 8}">${escaped(panel.title)}</text>`);
    const scale = (WIDTH - 2 * MARGIN - NAME_WIDTH - LABEL_WIDTH) / (Math.max(...panel.bars.map(({ value }) => value)) || 1);
    for (const { name, value, label, ours } of panel.bars) {
      const x = MARGIN + NAME_WIDTH;
      const length = Math.max(1, value * scale);
      const middle = y + BAR_HEIGHT / 2 + 4;
      parts.push(
        `<text class="name" x="${x - 10}" y="${middle}" text-anchor="end">${escaped(name)}</text>`,
        `<rect class="${ours ? "ours" : "other"}" x="${x}" y="${y}" width="${length.toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>`,
        `<text class="value" x="${(x + length + 8).toFixed(1)}" y="${middle}">${escaped(label)}</text>`,
      );
      y += ROW_HEIGHT;
    }
    y += PANEL_GAP;
  }
  parts.push(`<text class="footer" x="${MARGIN}" y="${y + 10}">${escaped(footer)}</text>`);
  const height = y + 10 + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2933; }
.title { font-size: 17px; font-weight: 600; }
.panel { font-weight: 600; }
.footer { font-size: 11px; fill: #5b6770; }
.ours { fill: #0b7a5c; }
.other { fill: #a3afba; }
@media (prefers-color-scheme: dark) {
text { fill: #e4e9ee; }
.footer { fill: #9aa7b3; }
.ours { fill: #35c79a; }
.other { fill: #56636f; }
}
</style>
${parts.join("\n")}
</svg>
`;
}
