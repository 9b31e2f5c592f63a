import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useOpening } from "../../../components/use-ever.ts";
import { useMessages, useSpeech } from "../../../i18n/language.tsx";
import { usualCurrency } from "../../../money/currency.ts";
import { forget, recall, remember } from "../../../session/tab-storage.ts";
import { usePerson } from "../../../session/use-session.ts";
import type { NumberView, Offer } from "../shapes.ts";
import { useWallet } from "../use-numbers.ts";
import { Bought } from "./bought.tsx";
import { Confirm } from "./confirm.tsx";
import type { Criteria } from "./criteria.ts";
import { addMessages } from "./messages.ts";
import { Search } from "./search.tsx";

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Decided upon already, as when the assistant proposed it. */
  readonly offer?: Offer | undefined;
}

type Step =
  | { readonly name: "search" /** A number that somebody else has bought meanwhile. */; readonly gone?: string }
  | { readonly name: "confirm"; readonly offer: Offer }
  | { readonly name: "bought"; readonly number: NumberView };

const TITLES = { search: "title", confirm: "confirmTitle", bought: "doneTitle" } as const;

/** The dialog that finds a number, says what it costs, and buys it. */
export default function AddNumber({ opened, onClose, offer }: Props) {
  const messages = useMessages(addMessages);
  const narrow = useMediaQuery("(max-width: 48em)");
  const [step, setStep] = useState<Step>({ name: "search" });
  return (
    <Modal
      opened={useOpening(opened)}
      onClose={onClose}
      size={step.name === "search" ? 820 : 480}
      fullScreen={narrow ?? false}
      title={messages[TITLES[step.name]]}
      closeButtonProps={{ "aria-label": messages.close }}
    >
      <Steps step={step} onStep={setStep} onClose={onClose} first={offer} />
    </Modal>
  );
}

interface StepsProps {
  readonly step: Step;
  readonly onStep: (step: Step) => void;
  readonly onClose: () => void;
  readonly first: Offer | undefined;
}

/** Lives as long as the dialog is open. */
function Steps({ step, onStep, onClose, first }: StepsProps) {
  const { sub } = usePerson();
  const { locales } = useSpeech();
  const wallet = useWallet();
  const waiting = `number-choice.${sub}`;
  const [criteria, setCriteria] = useState<Criteria>(() => beginning(first, locales));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens.
  useEffect(() => {
    const offer = first ?? recall<Offer>(waiting);
    forget(waiting);
    onStep(offer ? { name: "confirm", offer } : { name: "search" });
  }, []);
  if (step.name === "bought") return <Bought number={step.number} onClose={onClose} />;
  if (step.name === "confirm")
    return (
      <Confirm
        key={step.offer.phoneNumber}
        offer={step.offer}
        wallet={wallet.data}
        onBack={() => onStep({ name: "search" })}
        onGone={() => onStep({ name: "search", gone: step.offer.phoneNumber })}
        onBought={(number) => (number.state === "pending" ? onClose() : onStep({ name: "bought", number }))}
        onLeave={() => remember(waiting, step.offer)}
      />
    );
  return (
    <Search
      criteria={criteria}
      wallet={wallet.data}
      onCriteria={setCriteria}
      gone={step.gone}
      onChoose={(offer) => onStep({ name: "confirm", offer })}
    />
  );
}

const NOTHING = { areaCode: "", contains: "", locality: "", capabilities: [] } as const;

/** Where somebody probably is, or where the number that was proposed is. */
function beginning(first: Offer | undefined, locales: readonly string[]): Criteria {
  if (first) return { ...NOTHING, country: first.country, type: first.type, currency: first.price.currency };
  const region = new Intl.Locale(locales[0] ?? "en").maximize().region ?? "US";
  return { ...NOTHING, country: region, type: "local", currency: usualCurrency(locales) };
}
