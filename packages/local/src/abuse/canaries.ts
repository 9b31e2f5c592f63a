/**
 * Values that stand for a customer's data. They are sent wherever such data may be sent, in good and in bad requests, and then
 * looked for in everything that was logged.
 */
export const canaries = {
  owner: "canary.owner@wallet.example",
  receiptEmail: "canary.receipt@mail.example",
  keyWithEmail: "order-7-canary.key@mail.example",
  phone: "+15550199321",
  name: "Canarina Testmann",
  message: "canary-message-body-meet-at-nine",
  unknownField: "canary-unknown-field-value",
  urlParameter: "canary-url-parameter",
  forgedToken: "canary-forged-token",
} as const;
