/**
 * Every page, by whom it is for, with what tells that it has come; `below`: once one has scrolled there; `opens`: the buttons that open
 * something over it, each with what is to be read there.
 */
export const PAGES = [
  { name: "welcome", who: undefined, path: "/", ready: "Every cent explained." },
  {
    name: "funds",
    who: "demo",
    path: "/funds",
    ready: "Charged from held",
    below: true,
    opens: [
      ["Add funds", "You pay on Stripe's page"],
      [/^Charged from held$/, "Balance after"],
      ["What is held money?", "It is yours until then"],
      [/^Account/, "Appearance"],
      [/^Change the low-balance alert for US/, "Alert me below"],
    ],
  },
  { name: "funds of a newcomer", who: "newcomer", path: "/funds", ready: "No transactions yet" },
  { name: "numbers", who: "demo", path: "/numbers", ready: "Harbour Bikes" },
  { name: "numbers of a newcomer", who: "newcomer", path: "/numbers", ready: "No numbers yet" },
  { name: "conversations", who: "demo", path: "/conversations", ready: "Hi, it's Tom from the parcel service." },
  { name: "conversations of a newcomer", who: "newcomer", path: "/conversations", ready: "Nothing yet" },
  { name: "assistant", who: "demo", path: "/assistant", ready: "I've prepared a top-up of $25.00." },
  { name: "assistant of a newcomer", who: "newcomer", path: "/assistant", ready: "What would you like to know?" },
  { name: "API reference", who: undefined, path: "/docs", ready: "Balances in every currency" },
  { name: "no such page", who: "demo", path: "/nowhere", ready: "The address may have changed" },
  { name: "wallets", who: "operator", path: "/operator/wallets?owner=demo", ready: "Correct balance" },
  { name: "quarantine", who: "operator", path: "/operator/quarantine", ready: "A second paid session" },
  { name: "queues", who: "operator", path: "/operator/queues", ready: "payments" },
  { name: "reports", who: "operator", path: "/operator/reports", ready: "Available at the end" },
] as const;
