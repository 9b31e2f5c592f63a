import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { queryEntries } from "@aira/core/ledger";
import { keys } from "@aira/core/table";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLaptop, type Running } from "./fixtures/laptop.ts";
import { verifyLedgerTool } from "./verify-ledger.ts";

let laptop: Awaited<ReturnType<typeof createLaptop>>;
let running: Running | undefined;
beforeEach(async () => {
  laptop = await createLaptop();
  running = await laptop.start();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await running?.stop();
  laptop?.forget();
});

async function end() {
  await running?.stop();
  running = undefined;
}

const alter = async (owner: string) => {
  const { ports } = running!;
  const [entry] = (await queryEntries(ports.table, owner, { limit: 1 })).entries;
  await ports.table.write({ update: keys.entry(owner, entry!.at, entry!.seq), set: { amountMinor: 1 } });
};

test("the data of an ended npm start is verified with an emulator of the tool's own, and the next run knows how far", async () => {
  await running!.pay();
  await running!.pay();
  await end();
  const first = await laptop.run(verifyLedgerTool);
  expect(first).toMatchObject({ code: 0, notes: `Table: aira-local in ${laptop.dataDir}` });
  expect(first.printed).toBe("Verified 2 wallets (2 from the first entry on), 2 entries read.\nNo violation.");
  const second = await laptop.run(verifyLedgerTool, ["--json"]);
  expect(JSON.parse(second.printed)).toMatchObject({ wallets: 2, full: 0, entries: 0, violations: [], complete: true });
  expect((await laptop.run(verifyLedgerTool, ["--full"])).printed).toContain("2 from the first entry on");
});

test("while npm start runs, its own table is asked; one that does not answer is told of, and nothing is opened beside it", async () => {
  await running!.pay();
  const asked = await laptop.run(verifyLedgerTool);
  expect(asked).toMatchObject({
    code: 0,
    notes: expect.stringContaining(`of the running npm start (http://127.0.0.1:${laptop.environment.TABLE_PORT})`),
  });
  const elsewhere = { ...laptop.environment, TABLE_PORT: "9" };
  await expect(laptop.run(verifyLedgerTool, [], { environment: elsewhere })).rejects.toThrow(
    `The table in ${laptop.dataDir} is in use by a running \`npm start\` that does not answer on port 9: set TABLE_PORT to its port, or end it first`,
  );
});

test("somebody on the table's port who says nothing is given up, not waited for", async () => {
  const mute = createServer().listen(0, "127.0.0.1");
  await once(mute, "listening");
  const { port } = mute.address() as AddressInfo;
  const elsewhere = { ...laptop.environment, TABLE_PORT: String(port) };
  try {
    await expect(laptop.run(verifyLedgerTool, [], { environment: elsewhere })).rejects.toThrow(`does not answer on port ${port}`);
  } finally {
    mute.close();
  }
});

test("every violation is named with its wallet and entry, and the code is 1", async () => {
  await running!.pay();
  const { owner } = await running!.pay();
  await alter(owner);
  const { code, printed } = await laptop.run(verifyLedgerTool);
  expect(code).toBe(1);
  expect(printed).toContain(`VIOLATION  wallet of ${owner}, entry 1: it does not hold that the hash matches the entry's fields`);
  expect(printed).toMatch(/2 violations in 1 wallet\.$/);
  const json = await laptop.run(verifyLedgerTool, ["--json", "--owner", owner]);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.printed)).toMatchObject({
    wallets: 1,
    violations: [
      { owner, seq: 1 },
      { owner, seq: 1 },
    ],
  });
});

test("heads are kept in a file outside the table: a wallet that is gone, or does not lead through its head, is named", async () => {
  const file = join(laptop.dataDir, "anchors.jsonl");
  const { owner } = await running!.pay();
  const gone = await running!.pay();
  const run = (...more: string[]) => laptop.run(verifyLedgerTool, ["--anchors", file, ...more]);
  expect((await run()).printed).toContain("0 wallets checked against them, 2 added");
  await running!.pay({ owner });
  expect((await run()).printed).toContain("2 wallets checked against them, 1 added");
  expect((await run()).printed).toContain("2 wallets checked against them, 0 added");
  const lines = readFileSync(file, "utf8");
  expect(lines.trim().split("\n")).toHaveLength(3);
  expect(lines).not.toContain(owner);

  const { ports } = running!;
  const [entry] = (await queryEntries(ports.table, gone.owner, { limit: 1 })).entries;
  await ports.table.write({ delete: keys.entry(gone.owner, entry!.at, 1) });
  await ports.table.write({ delete: keys.wallet(gone.owner) });
  const missing = await run();
  expect(missing.code).toBe(1);
  expect(missing.printed).toMatch(
    /VIOLATION {2}wallet with the owner hash [0-9a-f]{64}, entry 1: it does not hold that the anchored wallet is still there/,
  );
  expect((await run("--owner", gone.owner)).printed).toContain("it does not hold that the history leads through the anchored head");
});

test("an interrupted run says so, with what it has done, and harms nothing", async () => {
  await running!.pay();
  await running!.pay();
  const { code, printed } = await laptop.run(verifyLedgerTool, [], { interrupted: AbortSignal.abort() });
  expect(code).toBe(130);
  expect(printed).toMatch(/^Interrupted\. Verified 1 wallet /);
  expect(await laptop.run(verifyLedgerTool)).toMatchObject({ code: 0, printed: expect.stringContaining("Verified 2 wallets") });
});

test("a table on AWS is named with its region, and what can't be read is told in a sentence", async () => {
  const { owner } = await running!.pay();
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", `http://127.0.0.1:${laptop.environment.TABLE_PORT}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  const onAws = (...args: string[]) => laptop.run(verifyLedgerTool, args, { environment: {} });
  expect(await onAws("--table", "aira-local", "--region", "us-east-1", "--owner", owner, "--read-only")).toMatchObject({
    code: 0,
    notes: "Table: aira-local in us-east-1",
  });
  await expect(onAws("--table", "aira-local")).rejects.toThrow("--region is not set, and neither is AWS_REGION");
  await expect(onAws("--table", "nothing", "--region", "us-east-1")).rejects.toThrow(
    "The table nothing in us-east-1 can't be read: there is none of this name",
  );
});

test("what can't be done is told in a sentence: no data, an unknown wallet, an unknown option", async () => {
  const empty = join(laptop.dataDir, "empty");
  await expect(laptop.run(verifyLedgerTool, [], { environment: { ...laptop.environment, DATA_DIR: empty } })).rejects.toThrow(
    `There is no table in ${empty}: run \`npm start\` once`,
  );
  expect(existsSync(empty)).toBe(false);
  await expect(laptop.run(verifyLedgerTool, ["--owner", "nobody"])).rejects.toThrow("There is no wallet of nobody in aira-local");
  await expect(laptop.run(verifyLedgerTool, ["--everything"])).rejects.toThrow("`npm run verify-ledger -- --help` tells what it takes");
  await expect(laptop.run(verifyLedgerTool, ["--region", "x"])).rejects.toThrow("--region goes with --table");
});

test("as a command it prints, ends with its code, and leaves nothing running", async () => {
  const { owner } = await running!.pay();
  await alter(owner);
  await end();
  const command = (...args: string[]) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
      const file = join(import.meta.dirname, "verify-ledger.ts");
      execFile(process.execPath, [file, ...args], { env: { PATH: process.env.PATH, ...laptop.environment } }, (error, stdout, stderr) =>
        done({ code: error?.code ?? 0, stdout, stderr }),
      );
    });
  expect(await command()).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("VIOLATION"),
    stderr: `Table: aira-local in ${laptop.dataDir}\n`,
  });
  expect(await command("--owner")).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--help") });
  // The table is free again.
  running = await laptop.start();
});
