/**
 * What AWS asks in us-east-1, in US dollars. Prices change: look them up before you quote these.
 * https://aws.amazon.com/dynamodb/pricing/on-demand/, /sqs/pricing/, /lambda/pricing/, /api-gateway/pricing/
 */
export const prices = {
  region: "us-east-1",
  /** When these were last set down. */
  asOf: "2026-11",
  dynamoDbWriteUnit: 0.625 / 1_000_000,
  dynamoDbReadUnit: 0.125 / 1_000_000,
  sqsRequest: 0.4 / 1_000_000,
  lambdaRequest: 0.2 / 1_000_000,
  /** arm64. */
  lambdaGbSecond: 0.0000133334,
  httpApiRequest: 1 / 1_000_000,
} as const;

/** What is used of each. */
export interface Usage {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly sqsRequests: number;
  readonly lambdaInvocations: number;
  readonly lambdaGbSeconds: number;
  readonly apiRequests: number;
}

export const noUsage: Usage = { writeUnits: 0, readUnits: 0, sqsRequests: 0, lambdaInvocations: 0, lambdaGbSeconds: 0, apiRequests: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    writeUnits: a.writeUnits + b.writeUnits,
    readUnits: a.readUnits + b.readUnits,
    sqsRequests: a.sqsRequests + b.sqsRequests,
    lambdaInvocations: a.lambdaInvocations + b.lambdaInvocations,
    lambdaGbSeconds: a.lambdaGbSeconds + b.lambdaGbSeconds,
    apiRequests: a.apiRequests + b.apiRequests,
  };
}

export function timesUsage(usage: Usage, factor: number): Usage {
  return Object.fromEntries(Object.entries(usage).map(([name, value]) => [name, value * factor])) as unknown as Usage;
}

/** In US dollars, by service. */
export function priceOf(usage: Usage): {
  readonly dynamoDb: number;
  readonly sqs: number;
  readonly lambda: number;
  readonly api: number;
  readonly total: number;
} {
  const dynamoDb = usage.writeUnits * prices.dynamoDbWriteUnit + usage.readUnits * prices.dynamoDbReadUnit;
  const sqs = usage.sqsRequests * prices.sqsRequest;
  const lambda = usage.lambdaInvocations * prices.lambdaRequest + usage.lambdaGbSeconds * prices.lambdaGbSecond;
  const api = usage.apiRequests * prices.httpApiRequest;
  return { dynamoDb, sqs, lambda, api, total: dynamoDb + sqs + lambda + api };
}
