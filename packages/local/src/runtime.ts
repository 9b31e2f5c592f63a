import { randomBytes } from "node:crypto";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { type Clock, systemClock } from "@aira/core/lib";
import { type Activity, told } from "./activity.ts";
import { createAuthorizer } from "./authorizer.ts";
import { createControl } from "./control.ts";
import { DATA_FOLDERS, forgetData } from "./data-folder.ts";
import type { Disorder } from "./disorder.ts";
import { functionEnvironment, setEnvironment, TABLE_NAME } from "./environment.ts";
import { createGateway } from "./gateway.ts";
import { splitTarget } from "./gateway-event.ts";
import { loadFunction } from "./handlers.ts";
import { type LocalServer, openServer } from "./http-server.ts";
import { type Identity, startIdentity } from "./identity.ts";
import { startPoller } from "./poller.ts";
import { listenFailure, type Ports } from "./ports.ts";
import { PROJECT } from "./project.ts";
import { type QueueDepth, startQueues } from "./queues.ts";
import { startScheduler } from "./scheduler.ts";
import { readSettings } from "./settings.ts";
import { createStaticSite, type DashboardConfig } from "./static.ts";
import { type StripeSandbox, startStripeSandbox } from "./stripe/index.ts";
import { startTable } from "./table.ts";
import { projectTables, type Tables } from "./tables.ts";
import { startTwilioSandbox, type TwilioSandbox } from "./twilio/index.ts";
import { WEB_DIST } from "./web-build.ts";

const WEBHOOK_PATH = "/api/payment/webhook";

export interface RuntimeOptions {
  /** 0, the default of each, takes any free port. */
  readonly ports?: Partial<Ports>;
  /** Where data is kept between runs. Undefined: in memory, gone at the end. */
  readonly dataDir?: string;
  /** Forget what `dataDir` holds. */
  readonly fresh?: boolean;
  /** Other rows than the project's. */
  readonly tables?: Partial<Tables>;
  /** Where the handlers that the tables name are. Default: packages/functions/src. */
  readonly functionsDir?: string;
  /** The dashboard's built files. Default: packages/web/dist. */
  readonly webDir?: string;
  /** Who serves the dashboard in place of the built files, given its configuration. */
  readonly site?: (config: DashboardConfig) => RequestListener;
  /** Where configuration is read from. Default: nothing, whatever this machine has set. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** For schedules and token expiry. Epoch milliseconds. */
  readonly clock?: Clock;
  /** Deliver as badly as a standard queue may. */
  readonly disorder?: Disorder;
  /** Failures of functions, a line or a stack each. Default: standard error. */
  readonly log?: (line: string) => void;
  /** Every invocation, a line each. Default: nobody is told. */
  readonly activity?: Activity;
}

/** What runs in place of Stripe. */
export interface RuntimeStripe extends StripeSandbox {
  /** The secret that it signs events with. */
  readonly webhookSecret: string;
}

export interface Runtime {
  /** The app's address: the dashboard at `/`, the API below `/api`. */
  readonly url: string;
  /** The ports that the parts really have, 0 for a part that does not run. */
  readonly ports: Ports;
  readonly tableName: string;
  readonly tableEndpoint: string;
  /** Of queues and their dead-letter queues, by name. */
  readonly queueUrls: Readonly<Record<string, string>>;
  /** Undefined when the real Stripe is used. */
  readonly stripe: RuntimeStripe | undefined;
  /** Undefined when the real Twilio is used. */
  readonly twilio: TwilioSandbox | undefined;
  /** Undefined when OIDC_ISSUER names another provider. */
  readonly identity: Identity | undefined;
  /** Settles with the reason when a part ends by itself. Nothing is stopped by that: call `stop`. */
  readonly failure: Promise<Error>;
  /** Runs one schedule now and answers its result. */
  tick(schedule: string): Promise<unknown>;
  /** How many messages stand in a queue or dead-letter queue. */
  depth(queue: string): QueueDepth;
  /** Brings a queue's dead letters back, and answers how many. */
  redrive(queue: string): Promise<number>;
  /** Ends every part in order: no more requests, running functions finish, then the emulators. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts the whole app on this machine. It sets variables of this process for the functions, so one runtime runs at a time;
 * and since functions make their clients once, a second one in the same process should take the `ports` of the first.
 * When a part cannot start, those before it are stopped again, and the error says in a sentence what to do.
 */
export async function startRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  // Parts are stopped in the reverse of their order here, also when a later one fails to start.
  await using starting = new AsyncDisposableStack();
  const ports: Ports = { app: 0, table: 0, queue: 0, identity: 0, stripe: 0, twilio: 0, ...options.ports };
  const { dataDir, environment = {}, clock = systemClock, log = console.error } = options;
  const tables: Tables = { ...projectTables, ...options.tables };
  const functionsDir = options.functionsDir ?? join(PROJECT, "packages/functions/src");
  const below = (folder: string) => (dataDir === undefined ? undefined : join(dataDir, folder));

  const app = await openServer("app", ports.app);
  starting.defer(() => app.close());
  const settings = readSettings(environment, app.url);
  if (options.fresh && dataDir !== undefined) await forgetData(dataDir);

  const table = await startTable({
    port: ports.table,
    tableName: TABLE_NAME,
    dataDir,
    endpoint: settings.tableEndpoint,
    fresh: options.fresh,
  });
  starting.defer(() => table.stop());
  const queues = await startQueues({ port: ports.queue, dataDir: below(DATA_FOLDERS.queues), consumers: tables.consumers });
  starting.defer(() => queues.stop());
  const identity =
    settings.issuer === undefined
      ? await startIdentity({ port: ports.identity, dataDir, clientId: settings.clientId, scope: settings.scope, appOrigins: [app.url] })
      : undefined;
  if (identity) starting.defer(() => identity.stop());
  const issuer = identity?.issuer ?? settings.issuer ?? "";
  const stripe = settings.stripe
    ? undefined
    : await startSandbox(ports.stripe, below(DATA_FOLDERS.stripe), `${app.url}${WEBHOOK_PATH}`, clock);
  if (stripe) starting.defer(() => stripe.stop());
  const twilio = settings.twilio ? undefined : await startTwilio(ports.twilio, below(DATA_FOLDERS.twilio), clock);
  if (twilio) starting.defer(() => twilio.stop());

  const restore = setEnvironment({
    ...functionEnvironment({
      publicUrl: app.url,
      tableEndpoint: table.endpoint,
      queueEndpoint: queues.endpoint,
      queueUrls: queues.urls,
      stripe: settings.stripe ?? { secretKey: stripe?.secretKey ?? "", webhookSecrets: stripe?.webhookSecret ?? "", apiBase: stripe?.url },
      twilio: settings.twilio ?? { accountSid: twilio?.accountSid ?? "", authTokens: twilio?.authToken ?? "", apiBase: twilio?.url },
    }),
    ...settings.told,
    STAGE: settings.stage,
    LOG_LEVEL: settings.logLevel,
  });
  starting.defer(restore);

  const load = async (row: Parameters<typeof loadFunction>[1], title: string) =>
    told(await loadFunction(functionsDir, row), title, options.activity);
  const routes = await mapValues(tables.routes, async (row, route) => ({ auth: row.auth, fn: await load(row, route) }));
  const consumers = await mapValues(tables.consumers, async (consumer, name) => ({ consumer, fn: await load(consumer, `queue ${name}`) }));
  const schedules = await mapValues(tables.schedules, async (row, name) => ({ every: row.every, fn: await load(row, `schedule ${name}`) }));

  const pollers = Object.entries(consumers).map(([name, { consumer, fn }]) =>
    startPoller({
      queue: queues.source(name),
      consumer,
      fn,
      disorder: options.disorder,
      log,
    }),
  );
  starting.defer(async () => void (await Promise.all(pollers.map((poller) => poller.stop()))));
  const scheduler = startScheduler({ schedules, clock, log });
  starting.defer(() => scheduler.stop());
  serve(app, {
    api: createGateway({
      routes,
      authorize: createAuthorizer({ issuer, audience: settings.clientId, scope: settings.scope, clock }),
      corsOrigins: settings.corsOrigins,
      clock,
      log,
    }),
    control: createControl({ origin: app.url, queues, queueNames: Object.keys(tables.consumers), scheduler }),
    site: (options.site ?? ((config) => createStaticSite({ folder: options.webDir ?? WEB_DIST, config, recordings: twilio?.url })))({
      issuer,
      clientId: settings.clientId,
      scope: settings.scope,
    }),
  });
  // Requests end before the functions that they wait for lose their parts.
  starting.defer(() => app.close());

  const parts = starting.move();
  let stopped: Promise<void> | undefined;
  return {
    url: app.url,
    ports: {
      app: portOf(app.url),
      table: settings.tableEndpoint === undefined ? portOf(table.endpoint) : 0,
      queue: portOf(queues.endpoint),
      identity: identity ? portOf(identity.issuer) : 0,
      stripe: stripe?.port ?? 0,
      twilio: twilio?.port ?? 0,
    },
    tableName: TABLE_NAME,
    tableEndpoint: table.endpoint,
    queueUrls: queues.urls,
    stripe,
    twilio,
    identity,
    failure: Promise.race([table.failure, ...pollers.map((poller) => poller.failure)]),
    tick: (schedule) => scheduler.push(schedule),
    depth: (queue) => queues.depth(queue),
    redrive: (queue) => queues.redrive(queue),
    stop() {
      stopped ??= parts.disposeAsync();
      return stopped;
    },
  };
}

const portOf = (url: string): number => Number(new URL(url).port);

async function startSandbox(port: number, dataDir: string | undefined, webhookUrl: string, clock: Clock): Promise<RuntimeStripe> {
  const webhookSecret = `whsec_${randomBytes(24).toString("hex")}`;
  try {
    const sandbox = await startStripeSandbox({ port, webhookUrl, webhookSecret, clock, ...(dataDir === undefined ? {} : { dataDir }) });
    return { ...sandbox, webhookSecret };
  } catch (error) {
    throw listenFailure("stripe", port, error);
  }
}

async function startTwilio(port: number, dataDir: string | undefined, clock: Clock): Promise<TwilioSandbox> {
  try {
    return await startTwilioSandbox({ port, clock, ...(dataDir === undefined ? {} : { dataDir }) });
  } catch (error) {
    throw listenFailure("twilio", port, error);
  }
}

type Listeners = Record<"api" | "control" | "site", Parameters<LocalServer["handle"]>[0]>;

/** One origin for all, as CloudFront makes it in the cloud. */
function serve(app: LocalServer, { api, control, site }: Listeners): void {
  const { port } = new URL(app.url);
  app.handle((request, response) => {
    const { path } = splitTarget(request.url ?? "/");
    if (path === "/api" || path.startsWith("/api/")) return api(request, response);
    if (path.startsWith("/_local/")) return control(request, response);
    // Sign-in leads back to one address only, and to a browser localhost is another.
    if (request.headers.host === `localhost:${port}` && path.startsWith("/"))
      return void response.writeHead(307, { location: `${app.url}${request.url}` }).end();
    return site(request, response);
  });
}

async function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, name: string) => Promise<To>,
): Promise<Record<string, To>> {
  return Object.fromEntries(
    await Promise.all(Object.entries(record).map(async ([name, value]) => [name, await map(value, name)] as const)),
  );
}
