/** What a function may do with the model that answers: actions and what they are allowed onto. */
export interface ModelGrant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

interface Where {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/**
 * What RESPONDER=bedrock takes, and nothing with the embedded responder. A model is named by its ARN, by its id, or by an inference profile
 * (an id that begins with a geography), which answers from several regions: Bedrock then asks for the profile and for the model in each
 * of them (docs.aws.amazon.com/bedrock, "Prerequisites for inference profiles").
 */
export function modelGrants(
  settings: Readonly<Record<string, string | undefined>>,
  { partition, region, account }: Where,
): readonly ModelGrant[] {
  const { RESPONDER, BEDROCK_MODEL_ID: model, BEDROCK_REGION, BEDROCK_GUARDRAIL: guardrail } = settings;
  if (RESPONDER !== "bedrock" || !model) return [];
  const arn = (scope: string, name: string) => `arn:${partition}:bedrock:${scope}:${name}`;
  const at = BEDROCK_REGION || region;
  const geography = /^(?:us|eu|apac|ap|jp|au|ca|us-gov|global)\.(.+)$/.exec(model)?.[1];
  const models = model.startsWith("arn:")
    ? [model]
    : geography === undefined
      ? [arn(`${at}:`, `foundation-model/${model}`)]
      : [arn(`${at}:${account}`, `inference-profile/${model}`), arn("*:", `foundation-model/${geography}`)];
  const guarded = guardrail
    ? [{ actions: ["bedrock:ApplyGuardrail"], resources: [arn(`${at}:${account}`, `guardrail/${guardrail.split(":")[0]}`)] }]
    : [];
  return [{ actions: ["bedrock:InvokeModel"], resources: models }, ...guarded];
}
