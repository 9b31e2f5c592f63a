import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Cron, type FunctionProps, type Stack } from "sst/constructs";
import type { Schedule } from "./schedules.ts";

/**
 * A rule per row of schedules.ts. A run that fails is tried twice more, as Lambda does by default; then its event goes to the
 * dead letters, as does one that EventBridge could not hand over.
 */
export function addSchedule(stack: Stack, id: string, schedule: Schedule, props: FunctionProps, deadLetterQueue: IQueue): void {
  new Cron(stack, id, {
    schedule: schedule.every,
    job: {
      function: { ...props, deadLetterQueue },
      cdk: { target: { deadLetterQueue, retryAttempts: 2 } },
    },
  });
}
