/** Calls the control API of a sandbox. `Answer` is what a test reads of the answers; whether it is there is the test's to say. */
export const createControlClient =
  <Answer>(url: () => string) =>
  async (method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }> => {
    const response = await fetch(`${url()}/_sandbox${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  };
