export type JsonRequest = <Answer>(method: "GET" | "POST" | "PUT", url: string, body?: unknown) => Promise<Answer>;

/** Requests with JSON both ways; an answer that is an error is thrown. Every request ends with the signal. */
export function createJsonRequest(signal: AbortSignal): JsonRequest {
  return async <Answer>(method: "GET" | "POST" | "PUT", url: string, body?: unknown): Promise<Answer> => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method, signal, ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
}
