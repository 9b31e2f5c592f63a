import { expect, it } from "vitest";
import { addUsage, noUsage, priceOf, timesUsage } from "./prices.ts";

it("a million of each costs what AWS's page says", () => {
  const million = 1_000_000;
  const each = {
    ...noUsage,
    writeUnits: million,
    readUnits: million,
    sqsRequests: million,
    lambdaInvocations: million,
    apiRequests: million,
  };
  const { dynamoDb, sqs, lambda, api, total } = priceOf(each);
  expect(dynamoDb).toBeCloseTo(0.75);
  expect(sqs).toBeCloseTo(0.4);
  expect(lambda).toBeCloseTo(0.2);
  expect(api).toBeCloseTo(1);
  expect(total).toBeCloseTo(2.35);
});

it("Lambda's time is paid by the gigabyte and second", () => {
  expect(priceOf({ ...noUsage, lambdaGbSeconds: 3_000_000 }).lambda).toBeCloseTo(40.0002);
});

it("usage adds up and multiplies", () => {
  const once = { ...noUsage, writeUnits: 6, readUnits: 0.5, sqsRequests: 3 };
  const thousand = timesUsage(once, 1000);
  expect(thousand).toEqual({ ...noUsage, writeUnits: 6000, readUnits: 500, sqsRequests: 3000 });
  expect(addUsage(thousand, once)).toEqual({ ...noUsage, writeUnits: 6006, readUnits: 500.5, sqsRequests: 3003 });
  expect(addUsage(once, noUsage)).toEqual(once);
});

it("nothing costs nothing", () => {
  expect(priceOf(noUsage).total).toBe(0);
});
