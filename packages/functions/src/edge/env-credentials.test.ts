import { afterEach, expect, test, vi } from "vitest";
import { defaultProvider } from "./env-credentials.ts";

afterEach(() => vi.unstubAllEnvs());

test("the role's credentials come from the environment as it is now, with a session token only where there is one", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "id");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_SESSION_TOKEN", "session");
  const provide = defaultProvider();
  expect(await provide()).toEqual({ accessKeyId: "id", secretAccessKey: "secret", sessionToken: "session" });
  vi.stubEnv("AWS_SESSION_TOKEN", undefined);
  expect(await provide()).toEqual({ accessKeyId: "id", secretAccessKey: "secret" });
});
