import { type StackContext, use } from "sst/constructs";
import { addRoutes, constructId, createHttpApi } from "./api.ts";
import { audit } from "./audit.ts";
import { createIdentityProvider } from "./auth.ts";
import { consumers } from "./consumers.ts";
import { Data } from "./data.ts";
import { functionProps, type HandlerRow } from "./handler.ts";
import { addConsumer, createDeadLetterQueue } from "./queues.ts";
import { addSchedule } from "./schedule.ts";
import { schedules } from "./schedules.ts";
import { readSettings } from "./settings.ts";
import { createWeb, deployFiles } from "./web.ts";

/**
 * What runs. The parts need each other in one direction only: the API's address goes to CloudFront, CloudFront's to the client
 * of the identity provider, the client to the authorizer, and that to the routes. Spread over several stacks this would be a circle.
 */
export function Application({ stack }: StackContext) {
  const settings = readSettings();
  const { table, queues } = use(Data);

  const httpApi = createHttpApi(stack, settings);
  const identity = createIdentityProvider(stack, settings);
  const web = createWeb(stack, httpApi, identity.origins);
  const audience = identity.clientFor(web.publicUrl);

  const resources = { table, queues, publicUrl: web.publicUrl };
  const functionOf = (id: string, row: HandlerRow) => functionProps(stack, id, row, resources);

  addRoutes(stack, httpApi, { issuer: identity.issuer, audience, scope: settings.scope }, functionOf);
  for (const [name, consumer] of Object.entries(consumers)) {
    addConsumer(stack, queues[name]!.queue, consumer, functionOf(constructId(`consume ${name}`), consumer));
  }
  const missedRuns = createDeadLetterQueue(stack, "schedules-dead");
  for (const [name, schedule] of Object.entries(schedules)) {
    const id = constructId(name);
    addSchedule(stack, `Every${id}`, schedule, functionOf(id, schedule), missedRuns);
  }
  deployFiles(stack, web, { issuer: identity.issuer, clientId: audience, scope: settings.scope });

  stack.addOutputs({
    Url: web.publicUrl,
    WebhookUrl: `${web.publicUrl}/api/payment/webhook`,
    Issuer: identity.issuer,
    ClientId: audience,
  });
  audit(stack);
  return { httpApi, missedRuns };
}
