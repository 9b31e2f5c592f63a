import twilio, { type RestException } from "twilio";

/** The official SDK as it comes, every API of Twilio's at the sandbox's address. */
export function sdkAt(url: string, accountSid: string, authToken: string, options: { readonly timeout?: number } = {}) {
  const client = twilio(accountSid, authToken, { timeout: 5000, ...options });
  for (const domain of [client.api, client.pricing, client.numbers]) domain.baseUrl = url;
  return client;
}

/** What a call fails with; it must fail. */
export const failure = (call: Promise<unknown>): Promise<RestException & { readonly code: number | string | undefined }> =>
  call.then(
    () => {
      throw new Error("the call was expected to fail");
    },
    (error) => error,
  );
