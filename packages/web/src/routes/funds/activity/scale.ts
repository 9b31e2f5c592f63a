/** A round number of ticks over a range of amounts, zero among them: the axis of a chart. */
export function ticksOf(low: number, high: number, wanted = 4): number[] {
  const [bottom, top] = [Math.min(0, low), Math.max(0, high)];
  const span = top - bottom || 1;
  const rough = span / (wanted - 1);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((size) => size >= rough) ?? rough;
  const ticks: number[] = [];
  for (let tick = Math.floor(bottom / step); tick <= Math.ceil(top / step); tick++) ticks.push(tick * step);
  return ticks;
}
