import { parseWallet, type Wallet } from "../ledger/index.ts";
import { iso } from "../lib/index.ts";
import { isInUse, loadNumber, type NumberRecord } from "../numbers/index.ts";
import { keys } from "../table/index.ts";
import { type CallPlan, planCall } from "./allowance.ts";
import type { AnsweringPorts } from "./answering-ports.ts";
import { begin, type CallScene, farewell, type Taker, TROUBLE, takerOf } from "./call-flow.ts";
import type { CallState } from "./call-state.ts";
import { inTime } from "./in-time.ts";
import { isPhoneNumber } from "./phone-number.ts";
import { contextOfNumber } from "./record.ts";
import { sentence } from "./sentences.ts";
import type { CallStarted, Verb } from "./telephony.ts";

export interface IncomingCall {
  readonly callSid: string;
  /** E.164, or what the provider says of a withheld one. */
  readonly from: string;
  readonly to: string;
}

/**
 * The first answer to a call. One that its number or its owner's wallet does not allow hears a polite sentence; any other begins only once
 * the queue has its start, since without that nobody would pay for it. Never throws.
 */
export async function answerCall(ports: AnsweringPorts, call: IncomingCall): Promise<readonly Verb[]> {
  try {
    const number = isPhoneNumber(call.to) ? await inTime(loadNumber(ports.table, call.to), "read") : undefined;
    if (!number || !isInUse(number.state)) return farewell({ language: number?.settings.language ?? "en-US" }, "notInService");
    if (number.state === "suspended") return await turnAway(ports, call, number, "suspended");
    const { wallet, connectsToOurs } = await inTime(lookUp(ports, number), "read");
    return await answer(ports, call, number, wallet, connectsToOurs);
  } catch (error) {
    ports.report("read", error);
    return TROUBLE;
  }
}

/** The owner's wallet; and is the phone to connect to one of ours? Calls between two of them could go round for ever. */
async function lookUp({ table }: AnsweringPorts, { owner, settings: { forwardTo } }: NumberRecord) {
  const [wallet, other] = await table.getMany([keys.wallet(owner), ...(forwardTo === null ? [] : [keys.number(forwardTo)])]);
  return { wallet: parseWallet(owner, wallet), connectsToOurs: other !== undefined && isInUse(other.state) };
}

async function answer(
  ports: AnsweringPorts,
  call: IncomingCall,
  number: NumberRecord,
  wallet: Wallet,
  connectsToOurs: boolean,
): Promise<readonly Verb[]> {
  const nowMs = ports.clock();
  const planned = plan(ports, number, wallet, connectsToOurs, nowMs);
  if (!planned) return turnAway(ports, call, number, "notReachable");
  const { taker, connects, capSeconds, budgetMinor, holdMinor } = planned;
  const state: CallState = {
    our: number.phoneNumber,
    language: number.settings.language,
    startedAt: Math.floor(nowMs / 1000),
    capSeconds,
    budgetMinor,
    connects,
    turn: 0,
    silent: 0,
  };
  const scene: CallScene = { number, state, publicUrl: ports.publicUrl, nowMs };
  const { verbs, greeting } = begin(scene, taker, call.from);
  const started: CallStarted = { ...startOf(call, number, nowMs), capSeconds, holdMinor, greeting };
  return (await sent(ports, started)) ? verbs : farewell(state, "trouble");
}

/** Who takes the call and what it may cost. Being connected to another phone is given up before the call is. */
function plan(
  { policy }: AnsweringPorts,
  number: NumberRecord,
  wallet: Wallet,
  connectsToOurs: boolean,
  nowMs: number,
): (CallPlan & { readonly taker: Taker; readonly connects: boolean }) | undefined {
  const to = connectsToOurs ? null : number.settings.forwardTo;
  for (const connects of to === null ? [false] : [true, false]) {
    const taker = takerOf(number, connects, nowMs);
    const usesPhone = connects && (taker === "assistant" || taker === "forward");
    const planned = planCall(wallet, number, policy.overdraftMinor, {
      taker: taker === "closed" ? "voicemail" : taker,
      connectTo: usesPhone && to !== null ? to : undefined,
    });
    if (planned) return { ...planned, taker, connects: usesPhone };
  }
  return undefined;
}

const startOf = ({ callSid, from }: IncomingCall, number: NumberRecord, nowMs: number) =>
  ({ type: "call.started", receivedAt: iso(nowMs), callSid, from, context: contextOfNumber(number) }) as const;

/** Its owner should know of a call that was turned away. If that is lost, the caller hears the same. */
async function turnAway(ports: AnsweringPorts, call: IncomingCall, number: NumberRecord, why: "suspended" | "notReachable") {
  const greeting = sentence(number.settings.language, why);
  await sent(ports, { ...startOf(call, number, ports.clock()), capSeconds: 0, holdMinor: 0, greeting, refused: true });
  return farewell(number.settings, why);
}

async function sent(ports: AnsweringPorts, event: CallStarted): Promise<boolean> {
  try {
    await inTime(ports.send(event), "send");
    return true;
  } catch (error) {
    ports.report("send", error);
    return false;
  }
}
