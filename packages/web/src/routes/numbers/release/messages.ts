import { defineCatalogue } from "../../../i18n/catalogue.ts";

export const releaseMessages = defineCatalogue(
  {
    title: (number: string) => `Give back ${number}?`,
    looking: "Looking at what would be lost…",
    losses: "What is lost",
    confirm: (digits: string) => `Type its last four digits, ${digits}, to confirm`,
    mismatch: "These are not its last four digits.",
    submit: "Give back for ever",
    busy: "Giving back…",
    keep: "Keep it",
    close: "Close",
    done: (number: string) => `${number} was given back.`,
    onItsWay: (number: string) => `${number} is being given back.`,
  },
  {
    title: (number) => `${number} लौटाएँ?`,
    looking: "देखा जा रहा है कि क्या जाएगा…",
    losses: "क्या जाएगा",
    confirm: (digits) => `पुष्टि के लिए इसके अंतिम चार अंक लिखें: ${digits}`,
    mismatch: "ये इसके अंतिम चार अंक नहीं हैं।",
    submit: "हमेशा के लिए लौटाएँ",
    busy: "लौटाया जा रहा है…",
    keep: "रहने दें",
    close: "बंद करें",
    done: (number) => `${number} लौटा दिया गया।`,
    onItsWay: (number) => `${number} लौटाया जा रहा है।`,
  },
);
