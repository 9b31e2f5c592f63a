import { defineCatalogue } from "../../i18n/catalogue.ts";

export const noticeMessages = defineCatalogue(
  {
    title: "Notices",
    unread: "new",
    isNew: "New",
    emptyTitle: "Nothing to tell",
    emptyText: "Coming renewals, months that could not be paid and a low balance are told here.",
    older: "Show older",
    close: "Close",
    kinds: {
      "number.reminder": "A month will be charged soon",
      "number.unpaid": "A month could not be charged",
      "number.suspended": "A number was suspended",
      "number.restored": "A number works again",
      "number.released": "A number was given back",
      "wallet.low_balance": "The balance is low",
    },
    texts: {
      "number.reminder": (number: string, amount: string, day: string) => `${number}: ${amount} on ${day}.`,
      "number.unpaid": (number: string, amount: string, day: string) =>
        day === "" ? `${number}: ${amount} is missing. Add funds.` : `${number}: ${amount} is missing. Add funds before ${day}.`,
      "number.suspended": (number: string, amount: string, day: string) =>
        `${number}: callers hear a notice until ${amount} is paid.${day === "" ? "" : ` Otherwise it is given back on ${day}.`}`,
      "number.restored": (number: string) => `${number} is paid and answers again.`,
      "number.released": (number: string) => `${number} no longer answers, and is charged no more.`,
      "wallet.low_balance": (_number: string, amount: string) =>
        `${amount} was left, held money included. Add funds, so that calls go on being answered.`,
    },
  },
  {
    title: "सूचनाएँ",
    unread: "नई",
    isNew: "नई",
    emptyTitle: "बताने को कुछ नहीं",
    emptyText: "आने वाले नवीनीकरण, न लिए जा सके महीने और कम शेष यहाँ बताए जाते हैं।",
    older: "पुरानी दिखाएँ",
    close: "बंद करें",
    kinds: {
      "number.reminder": "जल्द ही एक महीना लिया जाएगा",
      "number.unpaid": "एक महीना नहीं लिया जा सका",
      "number.suspended": "एक नंबर निलंबित हुआ",
      "number.restored": "एक नंबर फिर चल रहा है",
      "number.released": "एक नंबर लौटाया गया",
      "wallet.low_balance": "शेष कम है",
    },
    texts: {
      "number.reminder": (number, amount, day) => `${number}: ${day} को ${amount}।`,
      "number.unpaid": (number, amount, day) =>
        day === "" ? `${number}: ${amount} कम हैं। धनराशि जोड़ें।` : `${number}: ${amount} कम हैं। ${day} से पहले धनराशि जोड़ें।`,
      "number.suspended": (number, amount, day) =>
        `${number}: ${amount} चुकाने तक कॉल करने वालों को सूचना सुनाई देती है।${day === "" ? "" : ` नहीं तो ${day} को लौटा दिया जाएगा।`}`,
      "number.restored": (number) => `${number} का भुगतान हो गया और वह फिर उत्तर देता है।`,
      "number.released": (number) => `${number} अब उत्तर नहीं देता, और उसके लिए कुछ नहीं लिया जाता।`,
      "wallet.low_balance": (_number, amount) => `रोकी गई राशि सहित ${amount} बचे थे। धनराशि जोड़ें, ताकि कॉल का उत्तर मिलता रहे।`,
    },
  },
);
