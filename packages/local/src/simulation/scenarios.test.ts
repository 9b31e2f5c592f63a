import { it } from "vitest";
import { core } from "./core-under-test.ts";
import { scenarios } from "./scenarios.ts";

it.each(scenarios)("$promise", ({ play }) => play(core));
