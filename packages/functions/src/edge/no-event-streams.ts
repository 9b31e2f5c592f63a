/**
 * Stands in for the SDK's `@smithy/core/event-streams` in the bundles. The SDK loads it for an operation whose request or answer is a
 * stream of events, and for no other; DynamoDB and SQS have none that Aira calls.
 */
export const eventStreamSerdeProvider = (): never => {
  throw new Error("this bundle was built without event streams: see stacks/bundling.ts");
};

export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}
