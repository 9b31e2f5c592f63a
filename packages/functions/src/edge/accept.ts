interface Range {
  readonly type: string;
  readonly quality: number;
}

/** `type/subtype;q=0.5`, with whatever other parameters. A weight that is none counts as 1, as if it had not been sent. */
function rangeOf(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.map((parameter) => /^q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(parameter)?.[1]).find(Boolean);
  return { type, quality: Number(weight ?? 1) };
}

/** How much the client wants a media type: the most specific range that covers it counts (RFC 9110, 12.5.1). */
function qualityOf(ranges: readonly Range[], type: string): number {
  const covering = [type, `${type.split("/")[0]}/*`, "*/*"].map((name) => ranges.find((range) => range.type === name));
  return covering.find(Boolean)?.quality ?? 0;
}

/** Whether the client likes CSV better than JSON. With no preference, or none of the two, JSON it is. */
export function prefersCsv(accept: string | undefined): boolean {
  const ranges = (accept ?? "*/*").split(",").map(rangeOf);
  return qualityOf(ranges, "text/csv") > qualityOf(ranges, "application/json");
}
