import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Template } from "aws-cdk-lib/assertions";
import { Aspects } from "aws-cdk-lib/core";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { App, getStack } from "sst/constructs";
import { initProject, useProject } from "sst/project.js";
import config from "../sst.config.ts";
import { Alarms } from "./alarms.ts";
import { Application } from "./application.ts";
import { Data } from "./data.ts";
import { settingVariables } from "./environment.ts";

const stacks = { Data, Application, Alarms };
type StackName = keyof typeof stacks;

export interface Synthesised {
  readonly templates: Readonly<Record<StackName, Template>>;
  readonly terminationProtection: Readonly<Record<StackName, boolean>>;
  /** What cdk-nag found and no reason explains: stack, rule and construct in a line. */
  readonly findings: readonly string[];
  /** The folder of the templates and of the assets that they name. Only a complete synthesis leaves it: call `remove`. */
  readonly assembly: string;
  readonly remove: () => void;
}

interface Options {
  readonly stage: string;
  /** Build every function, and let cdk-nag look at the whole. */
  readonly complete?: boolean;
  /** Variables of the deployment. Those of the machine and of its `.env` do not count. */
  readonly environment?: Readonly<Record<string, string>>;
}

const deploymentVariables = [
  "OIDC_ISSUER",
  "OIDC_AUDIENCE",
  "OIDC_SCOPE",
  "CORS_ORIGINS",
  "TWILIO_BALANCE_ALARM",
  ...Object.values(settingVariables).flat(),
] as const;

/**
 * The app as `sst deploy` would synthesise it, with no AWS account. Without `complete` code, runtime and handler names are
 * placeholders. At most one complete synthesis in a process: SST keeps what it has to build in one place.
 */
export async function synthesise({ stage, complete = false, environment = {} }: Options): Promise<Synthesised> {
  await initProject({ stage });
  // After `initProject`, which has loaded `.env` over the environment.
  for (const name of deploymentVariables) {
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  }
  const { paths } = useProject();
  // Test files run beside each other, and SST begins by emptying its folder.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "aira-stacks-"));
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  paths.out = folder;
  paths.artifacts = path.join(folder, "artifacts");
  try {
    const assembly = await assemble(stage, complete, path.join(folder, "assembly"));
    const artifacts = Object.entries(stacks).map(([name, stack]) => ({
      name,
      artifact: assembly.getStackByName(getStack(stack).stackName),
    }));
    return {
      templates: Object.fromEntries(
        artifacts.map(({ name, artifact }) => [name, Template.fromJSON(artifact.template)]),
      ) as Synthesised["templates"],
      terminationProtection: Object.fromEntries(
        artifacts.map(({ name, artifact }) => [name, artifact.terminationProtection ?? false]),
      ) as Synthesised["terminationProtection"],
      findings: artifacts.flatMap(({ name, artifact }) =>
        artifact.messages
          .filter(({ level }) => level !== "info")
          .map(({ id, entry }) => `${name} ${id}: ${String(entry.data).split("\n")[0]}`),
      ),
      assembly: assembly.directory,
      remove,
    };
  } finally {
    if (!complete) remove();
  }
}

/**
 * SST runs `npm install` for each function, also where there is nothing to install: two thirds of the time of a complete synthesis. Here `npm`
 * is a script that agrees to nothing, and refuses anything else, since no function may need more than its bundle.
 */
async function withoutInstalling<T>(folder: string, build: () => Promise<T>): Promise<T> {
  const before = process.env.PATH;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "npm"), `#!/bin/sh\ngrep -q '"dependencies":{}' package.json\n`, { mode: 0o755 });
  process.env.PATH = [folder, before].join(path.delimiter);
  try {
    return await build();
  } finally {
    process.env.PATH = before;
  }
}

async function assemble(stage: string, complete: boolean, outdir: string) {
  const app = new App({ mode: "deploy", stage, name: "aira", region: "us-east-1", account: "123456789012" }, { outdir });
  await config.stacks(app);
  if (complete) {
    Aspects.of(app).add(new AwsSolutionsChecks());
    Aspects.of(app).add(new ServerlessChecks());
    await withoutInstalling(path.join(path.dirname(outdir), "npm"), () => app.finish());
  }
  // One synthesis for all questions: a second one of the same app trips over SST's check for unique ids.
  return app.synth();
}
