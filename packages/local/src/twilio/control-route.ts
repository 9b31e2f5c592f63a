import * as z from "zod";
import { type ControlRoute, createRoute } from "../sandbox/control-route.ts";
import type { Alerts } from "./alerts.ts";
import type { Changes } from "./changes.ts";
import { E164 } from "./objects.ts";
import type { RequestLog } from "./request-log.ts";
import type { TwilioState } from "./state.ts";
import type { Switches } from "./switches.ts";
import type { Telephone } from "./telephone.ts";
import type { Texts } from "./texts.ts";
import type { Waiting } from "./waiting.ts";
import type { Webhooks } from "./webhooks.ts";

export interface ControlOptions {
  readonly state: TwilioState;
  readonly switches: Switches;
  readonly log: RequestLog;
  readonly waiting: Waiting;
  readonly telephone: Telephone;
  readonly texts: Texts;
  readonly webhooks: Webhooks;
  readonly alerts: Alerts;
  readonly changes: Changes;
  readonly reset: () => Promise<void>;
}

export const PhoneNumber = z.string().regex(E164, "must be a number in E.164");

export type Route = ControlRoute<ControlOptions>;

/** A route of the control API of this sandbox. */
export const route = createRoute<ControlOptions>();
