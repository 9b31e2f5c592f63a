import { readVariable } from "@aira/core/lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { RemovalPolicy } from "aws-cdk-lib/core";

export interface StagePolicy {
  /** Neither the stacks nor the table nor the user pool can be deleted before somebody lifts the protection by hand. */
  readonly protect: boolean;
  /** What happens to stored data when its resource leaves the stack. */
  readonly removalPolicy: RemovalPolicy;
  readonly logRetention: RetentionDays;
}

/**
 * How careful a stage is. `production` holds other people's money: data outlives every mistake of a deployment, and logs are kept
 * for a year, as auditors of payment systems ask. Every other stage can be thrown away. Throws a sentence on a name that the
 * functions would refuse later.
 */
export function stagePolicy(stage: string): StagePolicy {
  readVariable("STAGE", { STAGE: stage });
  return stage === "production"
    ? { protect: true, removalPolicy: RemovalPolicy.RETAIN, logRetention: RetentionDays.ONE_YEAR }
    : { protect: false, removalPolicy: RemovalPolicy.DESTROY, logRetention: RetentionDays.ONE_MONTH };
}
