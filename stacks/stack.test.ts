import fs from "node:fs";
import path from "node:path";
import { useProject } from "sst/project.js";
import { load } from "sst/stacks/build.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { consumers } from "./consumers.ts";
import { routes } from "./routes.ts";
import { schedules } from "./schedules.ts";
import { type Synthesised, synthesise } from "./synthesise.ts";
import { functionsByRow, type Resource, resourcesOf } from "./template-reader.ts";

let app: Synthesised;
let functions: Map<string, Resource>;
beforeAll(async () => {
  app = await synthesise({ stage: "production", complete: true });
  functions = functionsByRow(app);
}, 120_000);
afterAll(() => app?.remove());

it("SST can load the configuration, which takes the region from the environment", async () => {
  const [, loaded] = await load(useProject().paths.config, false);
  vi.stubEnv("AWS_REGION", "ap-south-1");
  expect(loaded.config({})).toEqual({ name: "aira", region: "ap-south-1" });
  vi.stubEnv("AWS_REGION", "");
  expect(loaded.config({})).toEqual({ name: "aira", region: "us-east-1" });
  vi.unstubAllEnvs();
});

it("cdk-nag's AWS Solutions and Serverless packs find nothing without a reason", () => {
  expect(app.findings).toEqual([]);
});

it("every reason that silences a finding is a sentence, and stands in the template", () => {
  const reasons = Object.values(app.templates)
    .flatMap((template) =>
      Object.values(
        template.toJSON().Resources as Record<string, { Metadata?: { cdk_nag?: { rules_to_suppress: { id: string; reason: string }[] } } }>,
      ),
    )
    .flatMap(({ Metadata }) => Metadata?.cdk_nag?.rules_to_suppress ?? []);
  expect(reasons.length).toBeGreaterThan(10);
  for (const { id, reason } of reasons) expect(reason, id).toMatch(/^[A-Zx].{40,}\.$/);
});

it("the whole app is small enough for its stacks", () => {
  for (const [name, template] of Object.entries(app.templates)) {
    // CloudFormation's limit is 500 resources and 1 MB.
    expect(Object.keys(template.toJSON().Resources).length, name).toBeLessThan(450);
    expect(JSON.stringify(template.toJSON()).length, name).toBeLessThan(900_000);
  }
});

it("the entry page goes up by itself, after all other files", () => {
  const deployments = resourcesOf(app.templates.Application, "Custom::CDKBucketDeployment");
  const [assets, files, pages] = deployments.map(({ properties }) => fs.readdirSync(assetOf(properties.SourceObjectKeys[0])));
  expect(pages).toEqual(["index.html"]);
  expect(files).toEqual(["favicon.svg"]);
  expect(assets).toEqual([expect.stringMatching(/^index-.*\.js$/)]);
  const { DependsOn } = app.templates.Application.toJSON().Resources[deployments[2]!.id];
  expect(DependsOn).toEqual(expect.arrayContaining([deployments[0]!.id, deployments[1]!.id]));
});

describe("every function", () => {
  const rows = Object.keys(routes).length + Object.keys(consumers).length + Object.keys(schedules).length;

  it("is built for Node 24 on ARM", () => {
    expect(functions.size).toBe(rows);
    for (const [row, { properties }] of functions)
      expect(properties, row).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"] });
  });

  it("is one file whose handler the template names, without a source map", () => {
    for (const [row, fn] of functions) {
      const { folder, file } = bundleOf(fn);
      const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.\w+$/.test(name));
      // SST adds it: it may have to install what cannot be bundled.
      const own = files.filter((name) => name !== "package.json");
      expect(own, row).toEqual([path.relative(folder, file)]);
      expect(fs.readFileSync(file, "utf8"), row).toMatch(/export\{[^}]*\bhandler\b/);
    }
  });

  it("takes its credentials from the environment: the SDK's provider chain stays out", () => {
    for (const [row, fn] of functions) {
      const code = fs.readFileSync(bundleOf(fn).file, "utf8");
      for (const trace of ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_WEB_IDENTITY_TOKEN_FILE"]) {
        expect(code.includes(trace), `${row} holds ${trace}`).toBe(false);
      }
    }
  });
});

/** Where the content of an asset lies, by its key in the deployment's bucket. */
const assetOf = (key: string) => path.join(app.assembly, `asset.${path.basename(key, ".zip")}`);

function bundleOf({ properties }: Resource) {
  const folder = assetOf(properties.Code.S3Key);
  return { folder, file: path.join(folder, properties.Handler.replace(/\.\w+$/, ".mjs")) };
}
