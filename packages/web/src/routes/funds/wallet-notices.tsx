import type { BalancesView } from "../../api/shapes.ts";
import { Notice } from "../../components/notice.tsx";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { fundsMessages } from "./messages.ts";

/** What stands in the way of spending, or soon will. */
export function WalletNotices({ wallet }: { readonly wallet: BalancesView }) {
  const messages = useMessages(fundsMessages);
  const formats = useFormats();
  const owed = wallet.balances.filter(({ availableMinor }) => availableMinor < 0);
  // Held money counts until it is charged, as it does for the notice.
  const low = wallet.balances.filter(({ currency, availableMinor, totalMinor }) => {
    const threshold = wallet.alerts[currency];
    return threshold !== undefined && availableMinor >= 0 && totalMinor < threshold;
  });
  return (
    <>
      {wallet.frozen && (
        <Notice tone="warning" title={messages.frozenTitle}>
          <p>{messages.frozenText}</p>
        </Notice>
      )}
      {wallet.restricted && (
        <Notice tone="warning" title={messages.restrictedTitle}>
          <p>
            {messages.restrictedText(formats.list(owed.map(({ availableMinor, currency }) => formats.money(-availableMinor, currency))))}
          </p>
        </Notice>
      )}
      {low.map(({ currency, totalMinor }) => (
        <Notice key={currency} tone="warning" title={messages.alert.lowTitle(messages.currencyNames[currency])}>
          <p>{messages.alert.lowText(formats.money(totalMinor, currency), formats.money(wallet.alerts[currency] ?? 0, currency))}</p>
        </Notice>
      ))}
    </>
  );
}
