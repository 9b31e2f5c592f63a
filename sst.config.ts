import type { SSTConfig } from "sst";
import { Alarms } from "./stacks/alarms.ts";
import { Application } from "./stacks/application.ts";
import { Data } from "./stacks/data.ts";
import { stagePolicy } from "./stacks/stage.ts";

export default {
  config() {
    return { name: "aira", region: process.env.AWS_REGION || "us-east-1" };
  },
  stacks(app) {
    const { protect: terminationProtection } = stagePolicy(app.stage);
    app.stack(Data, { terminationProtection }).stack(Application, { terminationProtection }).stack(Alarms, { terminationProtection });
  },
} satisfies SSTConfig;
