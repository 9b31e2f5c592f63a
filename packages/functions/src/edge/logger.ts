import { LogFormatter, Logger, LogItem } from "@aws-lambda-powertools/logger";
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

const logger = new Logger({ logFormatter: new AiraLogFormatter(), jsonReplacerFn: redact });

let coldStart = true;

/**
 * The logger of one invocation. A child each time: the local runtime runs invocations beside each other in one process, and
 * keys on a shared logger would mix them up.
 */
export function loggerOf(context: Context, keys: Readonly<Record<string, string>>): Logger {
  const child = logger.createChild({
    persistentKeys: { function_name: context.functionName, function_request_id: context.awsRequestId, cold_start: coldStart, ...keys },
  });
  coldStart = false;
  return child;
}

export type { Logger };
