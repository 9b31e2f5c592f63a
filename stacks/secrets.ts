/**
 * Secrets by name, as SST's command line knows them: `npx sst secrets set <NAME> <value>`. A function finds the parameter's
 * path in `<NAME>_PARAMETER` and reads the value when it needs it, so no value is ever in a template or an environment.
 */
export const secrets = ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRETS", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS"] as const;

/** The parameter that `sst secrets set` writes. SST's `--fallback` values live on another path and are not read. */
export function secretParameter(app: { readonly name: string; readonly stage: string }, secret: string): string {
  return `/sst/${app.name}/${app.stage}/Secret/${secret}/value`;
}
