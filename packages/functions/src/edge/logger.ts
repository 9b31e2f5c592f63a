import { LogFormatter, LogItem, Logger as Powertools } from "@aws-lambda-powertools/logger";
import type { LogAttributes, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";
import type { Context } from "aws-lambda";
import { describeError, redact } from "./redaction.ts";

class AiraLogFormatter extends LogFormatter {
  override formatAttributes(attributes: UnformattedAttributes, additional: LogAttributes): LogItem {
    const item = new LogItem({
      attributes: {
        level: attributes.logLevel,
        message: attributes.message,
        timestamp: this.formatTimestamp(attributes.timestamp),
        service: attributes.serviceName,
        xray_trace_id: attributes.xRayTraceId,
      },
    });
    return item.addAttributes(additional);
  }

  override formatError(error: Error): LogAttributes {
    return describeError(error) as LogAttributes;
  }
}

const logger = new Powertools({ logFormatter: new AiraLogFormatter(), jsonReplacerFn: redact });

let coldStart = true;

type Write = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** What an invocation logs with: a line each, `fields` beside the keys of the invocation. */
export type Logger = Readonly<Record<"info" | "warn" | "error", Write>>;

/**
 * The logger of one invocation. Its keys go with each line instead of onto the shared logger: the local runtime runs invocations beside
 * each other in one process, and would mix them up. Powertools' own answer, a child for each, makes a console for each.
 */
export function loggerOf(context: Context, keys: Readonly<Record<string, string>>): Logger {
  const own = { function_name: context.functionName, function_request_id: context.awsRequestId, cold_start: coldStart, ...keys };
  coldStart = false;
  const at =
    (level: keyof Logger): Write =>
    (message, fields) =>
      logger[level](message, { ...own, ...fields });
  return { info: at("info"), warn: at("warn"), error: at("error") };
}
