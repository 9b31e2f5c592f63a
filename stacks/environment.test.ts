import { ABOUT } from "@aira/core/lib";
import { expect, it } from "vitest";
import { consumers } from "./consumers.ts";
import { environmentNames, secretVariable, settingVariables } from "./environment.ts";
import { routes } from "./routes.ts";
import { schedules } from "./schedules.ts";

const common = ["STAGE", "PUBLIC_URL", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"];

it("a function without access is told of no resource", () => {
  expect(environmentNames({})).toEqual(common);
});

it("a function is told of what it may touch, each thing once", () => {
  expect(environmentNames({ table: ["get"], indexes: ["gsi1"], send: ["payments"], secrets: ["STRIPE_SECRET_KEY"] })).toEqual([
    ...common,
    "TABLE_NAME",
    "PAYMENTS_QUEUE_URL",
    "STRIPE_SECRET_KEY_PARAMETER",
  ]);
});

it("a function is told the settings of its groups, and of no other", () => {
  expect(environmentNames({ settings: ["prices", "regulation"] })).toEqual([
    ...common,
    "EXCHANGE_RATES",
    "TWILIO_ADDRESSES",
    "TWILIO_BUNDLES",
  ]);
});

it("every setting is one that the configuration knows, for functions and for the deployment", () => {
  for (const name of Object.values(settingVariables).flat())
    expect(ABOUT[name].by, name).toEqual(expect.arrayContaining(["lambda", "deploy"]));
});

it("a function that works on dead letters is told where they are, and of their queue if it counts or fills that", () => {
  expect(environmentNames({ peek: ["payments"] })).toEqual([...common, "PAYMENTS_DEAD_QUEUE_URL"]);
  expect(environmentNames({ send: ["payments"], count: ["payments"], redrive: ["payments"] })).toEqual([
    ...common,
    "PAYMENTS_QUEUE_URL",
    "PAYMENTS_DEAD_QUEUE_URL",
  ]);
});

it("a function that only queries an index is told the table's name", () => {
  expect(environmentNames({ indexes: ["gsi1"] })).toContain("TABLE_NAME");
});

it("every variable that functions read is given to one of them", () => {
  const rows = [routes, consumers, schedules].flatMap((table) => Object.values(table));
  const given = new Set(rows.flatMap(({ access }) => environmentNames(access)));
  const read = Object.entries(ABOUT).filter(([, { by }]) => by.some((who) => who === "lambda"));
  // The sandboxes' addresses, which only a laptop has.
  const names = read.map(([name]) => name).filter((name) => name !== "STRIPE_API_BASE" && name !== "TWILIO_API_BASE");
  for (const name of names) expect(given.has(name) || given.has(secretVariable(name)), name).toBe(true);
});
