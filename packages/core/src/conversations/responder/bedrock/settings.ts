import { invariant, readVariable, requireVariable } from "../../../lib/index.ts";

/** Which model answers, and how much it may read and say. */
export interface BedrockSettings {
  /** A model, an inference profile, or the ARN of either. */
  readonly modelId: string;
  readonly region: string;
  readonly guardrail: { readonly id: string; readonly version: string } | undefined;
  /** Of one answer. */
  readonly maxTokens: number;
  /** Undefined: the model's own. */
  readonly temperature: number | undefined;
  /** How much of what was said before goes with a turn, by estimate. */
  readonly historyTokens: number;
}

/** Three short sentences, in Devanagari too, and a few calls of tools. */
const MAX_TOKENS = 500;
/** Facts, hardly any fancy. */
const TEMPERATURE = 0.2;

/** The settings by the variables `BEDROCK_*` and `RESPONDER_TOKENS`. Throws a sentence that names what is missing. */
export function readBedrockSettings(environment: Readonly<Record<string, string | undefined>> = process.env): BedrockSettings {
  const region = readVariable("BEDROCK_REGION", environment) ?? environment.AWS_REGION;
  invariant(region, "neither BEDROCK_REGION nor AWS_REGION is set");
  const guardrail = readVariable("BEDROCK_GUARDRAIL", environment);
  const versionAt = guardrail?.lastIndexOf(":") ?? 0;
  return {
    modelId: requireVariable("BEDROCK_MODEL_ID", environment),
    region,
    guardrail: guardrail === undefined ? undefined : { id: guardrail.slice(0, versionAt), version: guardrail.slice(versionAt + 1) },
    maxTokens: MAX_TOKENS,
    temperature: TEMPERATURE,
    historyTokens: Number(requireVariable("RESPONDER_TOKENS", environment)),
  };
}
