/** Something that was said to or by a demo customer. */
export type TalkHappening =
  | {
      readonly what: "call";
      /** The key of the number that was called. */
      readonly number: string;
      readonly peer: string;
      /** What was heard, and what was answered. */
      readonly turns: readonly (readonly [heard: string, reply: string])[];
      readonly lengthSeconds: number;
      readonly voicemail?: { readonly lengthSeconds: number; readonly transcript: string };
      readonly missed?: true;
    }
  | { readonly what: "text"; readonly number: string; readonly peer: string; readonly text: string; readonly reply: string }
  | { readonly what: "chat"; readonly turns: readonly string[] };

type Talk = { readonly owner: string; readonly daysAgo: number } & TalkHappening;

const CALLS = [
  {
    turns: [
      ["Hi, do you repair electric bikes as well?", "Yes, we do. You can bring it in from Monday to Friday, nine to six."],
      ["How long does a brake service take?", "Most brake services are done on the same day if you come in the morning."],
      ["Great, I'll come tomorrow at ten.", "Thank you, I have noted tomorrow at ten. Goodbye."],
    ],
    lengthSeconds: 74,
  },
  {
    turns: [
      ["Is my bike ready? The name is Okafor.", "I'm an automatic assistant and can't see the workshop's list. May I take a message?"],
      ["Yes, please ask them to call me back.", "Of course. Somebody will call you back today."],
    ],
    lengthSeconds: 48,
  },
  {
    turns: [["What time do you close today?", "These are our opening hours: Monday to Friday, nine to six, and Saturday, ten to four."]],
    lengthSeconds: 23,
  },
  {
    turns: [],
    lengthSeconds: 41,
    voicemail: {
      lengthSeconds: 26,
      transcript:
        "Hello, this is Maria Lindqvist. I would like to hire four bikes for the last weekend of the month. Please call me back. Thank you.",
    },
  },
  {
    turns: [
      [
        "Hello, I'd like to rent two city bikes for Saturday.",
        "Saturday from ten to four is possible. Two city bikes are forty dollars for the day.",
      ],
      ["Do you have child seats?", "I'm not sure about child seats. Somebody can call you back about it."],
      ["Please do.", "Thank you, I'll pass that on. Goodbye."],
    ],
    lengthSeconds: 96,
  },
  { turns: [], lengthSeconds: 0, missed: true },
  {
    turns: [],
    lengthSeconds: 33,
    voicemail: {
      lengthSeconds: 17,
      transcript: "Hi, it's Tom from the parcel service. Your spare parts will arrive on Thursday instead of Wednesday.",
    },
  },
] as const;

const TEXTS = [
  ["Are you open on Sunday?", "We're open Monday to Friday, nine to six, and Saturday, ten to four. On Sunday we are closed."],
  ["Thanks! And do you sell helmets?", "Thank you for writing to Harbour Bikes. Somebody will answer you soon."],
  ["Can I pick up my bike after six today?", "We close at six. Harbour Bikes will see your message."],
] as const;

const CHATS = [
  ["What is my balance?", "Which calls did I miss?"],
  ["How much does a number in Canada cost?", "Top up 25 dollars"],
] as const;

const PEERS = ["+12125550148", "+16465550117", "+442079460231", "+13125550190", "+15105550176"];
const WRITERS = ["+14085550162", "+13125550190"];

interface Cast {
  readonly owner: string;
  readonly shop: string;
  readonly workshop: string;
  readonly days: number;
  readonly random: () => number;
}

/** Some weeks of calls, texts and chats, oldest first. */
export function* seedConversations({ owner, shop, workshop, days, random }: Cast): Generator<Talk> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  for (let index = 0; index < CALLS.length * 2; index++) {
    const call = CALLS[index % CALLS.length] as (typeof CALLS)[number];
    const daysAgo = days * (1 - (index + random() * 0.7) / (CALLS.length * 2)) + 0.1;
    yield { what: "call", owner, daysAgo, number: index % 4 === 2 ? workshop : shop, peer: pick(PEERS), ...call };
  }
  for (const [index, [text, reply]] of TEXTS.entries())
    yield { what: "text", owner, daysAgo: 5.2 - index * 1.4, number: shop, peer: WRITERS[index === 2 ? 1 : 0] ?? "", text, reply };
  for (const [index, turns] of CHATS.entries()) yield { what: "chat", owner, daysAgo: 8.4 - index * 6.1, turns };
}
