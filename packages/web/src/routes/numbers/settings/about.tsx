import type { ReactNode } from "react";
import { Link } from "react-router";
import { Card } from "../../../components/card.tsx";
import { Facts } from "../../../components/detail/facts.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { numberMessages } from "../messages.ts";
import type { NumberView } from "../shapes.ts";
import { useAbilities } from "../use-abilities.ts";
import { settingsMessages } from "./messages.ts";

/** What it is, what it costs, and where else it appears. */
export function About({ number }: { readonly number: NumberView }) {
  const { type, locality, region, capabilities, createdAt, price, paidThrough, renewsAt, purchaseId, numberId } = number;
  const messages = useMessages(settingsMessages);
  const names = useMessages(numberMessages);
  const formats = useFormats();
  const abilities = useAbilities();
  const day = (at: string) => formats.day(new Date(at));
  const place = [locality, region].filter(Boolean).join(", ");
  const facts: readonly (readonly [string, ReactNode])[] = [
    [messages.price, names.monthly(formats.money(price.monthlyMinor, price.currency))],
    [messages.paidThrough, paidThrough && day(paidThrough)],
    [messages.renews, renewsAt && day(renewsAt)],
    [messages.type, names.types[type]],
    [messages.place, place],
    [messages.takes, abilities(capabilities)],
    [messages.since, day(createdAt)],
  ];
  return (
    <Card title={messages.about}>
      <Facts
        facts={facts}
        links={
          <>
            <Link to={`/funds?reference=${purchaseId}`}>{messages.statement}</Link>
            <Link to={`/conversations?number=${numberId}`}>{messages.conversations}</Link>
          </>
        }
      />
    </Card>
  );
}
