/** Where this deployment signs people in: the generated `/config.json`. */
export interface DeploymentConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
}

const NAMES = ["issuer", "clientId", "scope"] as const;

/** Why the page cannot even begin, in a sentence for whoever deployed it. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

export async function loadConfig(): Promise<DeploymentConfig> {
  const answer = await fetch("/config.json", { credentials: "same-origin" });
  const config: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined;
  const given = (config ?? {}) as Record<string, unknown>;
  for (const name of NAMES) if (typeof given[name] !== "string") throw new SetupError(`/config.json does not give ${name}.`);
  return given as unknown as DeploymentConfig;
}
