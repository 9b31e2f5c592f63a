import type { EntryKind } from "@aira/contract";
import { defineCatalogue } from "../i18n/catalogue.ts";

const en = {
  credit: ["Top-up", "A payment of yours arrived."],
  clawback: ["Taken back", "A refund or a dispute at the bank took money of a top-up back."],
  reinstatement: ["Given back", "A refund failed or a dispute was won, so the money of the top-up is yours again."],
  debit: ["Charge", "Paid in advance from the available balance."],
  usage: ["Usage", "Charged for something that was used, such as a call or a text."],
  authorization: ["Set aside", "Held for something that is still going on. It is charged or comes back when that ends."],
  capture: ["Charged from held", "What was held became a charge. What it did not cost came back."],
  release: ["Released", "What was held came back whole: nothing was charged."],
  adjustment: ["Correction", "Corrected by an operator, for the reason given."],
  freeze: ["Frozen", "Spending was stopped by an operator. Money can still come in."],
  unfreeze: ["Unfrozen", "Spending is possible again."],
} as const satisfies Record<EntryKind, readonly [string, string]>;

const hi: Record<EntryKind, readonly [string, string]> = {
  credit: ["टॉप-अप", "आपका एक भुगतान जमा हुआ।"],
  clawback: ["वापस ली गई राशि", "रिफ़ंड या बैंक विवाद के कारण टॉप-अप की राशि वापस गई।"],
  reinstatement: ["लौटाई गई राशि", "रिफ़ंड विफल हुआ या विवाद जीता गया, इसलिए राशि फिर आपकी है।"],
  debit: ["शुल्क", "उपलब्ध शेष से पहले ही चुकाया गया।"],
  usage: ["उपयोग", "कॉल या संदेश जैसे उपयोग का शुल्क।"],
  authorization: ["अलग रखी गई राशि", "किसी चल रहे काम के लिए रोकी गई। समाप्त होने पर शुल्क लगेगा या राशि लौटेगी।"],
  capture: ["रोकी राशि से शुल्क", "रोकी गई राशि शुल्क बनी। जो नहीं लगा, वह लौट आया।"],
  release: ["मुक्त की गई राशि", "रोकी गई पूरी राशि लौट आई: कोई शुल्क नहीं लगा।"],
  adjustment: ["सुधार", "दिए गए कारण से ऑपरेटर द्वारा सुधारा गया।"],
  freeze: ["रोक लगाई गई", "ऑपरेटर ने खर्च रोका। पैसे अब भी आ सकते हैं।"],
  unfreeze: ["रोक हटाई गई", "अब फिर खर्च किया जा सकता है।"],
};

const half = (of: Record<EntryKind, readonly [string, string]>, at: 0 | 1) =>
  Object.fromEntries(Object.entries(of).map(([kind, words]) => [kind, words[at]])) as Record<EntryKind, string>;

/** What an entry is called, and why it is there, in the customer's words. */
export const kindMessages = defineCatalogue({ name: half(en, 0), why: half(en, 1) }, { name: half(hi, 0), why: half(hi, 1) });
