import * as errors from "../../../../node_modules/stripe/esm/Error.js";
import { NodePlatformFunctions } from "../../../../node_modules/stripe/esm/platform/NodePlatformFunctions.js";
import { RequestSender } from "../../../../node_modules/stripe/esm/RequestSender.js";
import { BalanceTransactionResource } from "../../../../node_modules/stripe/esm/resources/BalanceTransactions.js";
import { SessionResource } from "../../../../node_modules/stripe/esm/resources/Checkout/Sessions.js";
import { CustomerResource } from "../../../../node_modules/stripe/esm/resources/Customers.js";
import { DisputeResource } from "../../../../node_modules/stripe/esm/resources/Disputes.js";
import { PaymentIntentResource } from "../../../../node_modules/stripe/esm/resources/PaymentIntents.js";
import { RefundResource } from "../../../../node_modules/stripe/esm/resources/Refunds.js";
import { StripeResource } from "../../../../node_modules/stripe/esm/StripeResource.js";
import type { Stripe } from "../../../../node_modules/stripe/esm/stripe.core.js";
import { createApiKeyAuthenticator, detectAIAgent } from "../../../../node_modules/stripe/esm/utils.js";

/** What of the SDK's configuration payments/stripe.ts sets. */
interface Config {
  readonly apiVersion: string;
  readonly timeout: number;
  readonly maxNetworkRetries: number;
  readonly telemetry: false;
  readonly appInfo: { readonly name: string };
  readonly host?: string;
  readonly port?: string | number;
  readonly protocol?: "http" | "https";
  readonly httpClient?: ReturnType<typeof platform.createFetchHttpClient>;
}

const platform = new NodePlatformFunctions();
const PACKAGE_VERSION = "23.1.0";

/** Seconds between retries, as the SDK's own. */
const RETRY_DELAY = { first: 0.5, most: 5 };

/**
 * Stands in for the SDK's `stripe` in the bundles: the SDK's own sender of requests, HTTP client, errors and those of its resources
 * that payments/stripe.ts calls. The SDK's root makes all 120 of them for every client, so no bundler can leave one out: 170 of its 246 KB. Its parts
 * ask the client for what stands here; a test holds the two to the same requests and errors.
 */
class LeanStripe {
  static readonly PACKAGE_VERSION = PACKAGE_VERSION;
  static readonly errors = errors;
  static readonly createFetchHttpClient = platform.createFetchHttpClient;

  readonly customers: CustomerResource;
  readonly checkout: { readonly sessions: SessionResource };
  readonly refunds: RefundResource;
  readonly disputes: DisputeResource;
  readonly paymentIntents: PaymentIntentResource;
  readonly balanceTransactions: BalanceTransactionResource;

  readonly _platformFunctions = platform;
  readonly _emitter = platform.createEmitter();
  readonly _prevRequestMetrics: never[] = [];
  readonly _authenticator: ReturnType<typeof createApiKeyAuthenticator>;
  readonly _requestSender: RequestSender;
  readonly _appInfo: Config["appInfo"];
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #aiAgent = detectAIAgent(process.env);

  constructor(key: string, { apiVersion, timeout, maxNetworkRetries, appInfo, host, port, protocol, httpClient }: Config) {
    this._authenticator = createApiKeyAuthenticator(key);
    this._appInfo = appInfo;
    this.#fields = {
      host: host ?? "api.stripe.com",
      port: port ?? "443",
      protocol: protocol ?? "https",
      basePath: "/v1/",
      version: apiVersion,
      timeout,
      maxNetworkRetries,
      httpClient: httpClient ?? platform.createDefaultHttpClient(),
      stripeAccount: null,
      stripeContext: null,
    };
    const client = this as unknown as Stripe;
    this._requestSender = new RequestSender(client, StripeResource.MAX_BUFFERED_REQUEST_METRICS);
    this.customers = new CustomerResource(client);
    this.checkout = { sessions: new SessionResource(client) };
    this.refunds = new RefundResource(client);
    this.disputes = new DisputeResource(client);
    this.paymentIntents = new PaymentIntentResource(client);
    this.balanceTransactions = new BalanceTransactionResource(client);
  }

  getApiField(name: string): unknown {
    return this.#fields[name];
  }

  getConstant(name: string): unknown {
    return { AI_AGENT: this.#aiAgent, PACKAGE_VERSION }[name];
  }

  getMaxNetworkRetries(): unknown {
    return this.#fields.maxNetworkRetries;
  }

  getInitialNetworkRetryDelay(): number {
    return RETRY_DELAY.first;
  }

  getMaxNetworkRetryDelay(): number {
    return RETRY_DELAY.most;
  }

  getTelemetryEnabled(): boolean {
    return false;
  }

  getEmitEventBodiesEnabled(): boolean {
    return false;
  }

  getAppInfoAsString(): string {
    return this._appInfo.name;
  }

  getClientUserAgent(done: (json: string) => void): void {
    const client = this.#fields.httpClient as ReturnType<typeof platform.createDefaultHttpClient>;
    const agent = {
      bindings_version: PACKAGE_VERSION,
      lang: "node",
      typescript: false,
      lang_version: process.version,
      ...(this.#aiAgent ? { ai_agent: this.#aiAgent } : {}),
      httplib: client.getClientName(),
    };
    const encoded = Object.entries(agent).map(([name, value]) => [name, encodeURIComponent(value)]);
    done(JSON.stringify({ ...Object.fromEntries(encoded), application: this._appInfo }));
  }
}

export default LeanStripe;
