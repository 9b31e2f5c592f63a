import { lazy, Suspense } from "react";
import { useNavigate } from "react-router";
import type { BalancesView } from "../../api/shapes.ts";
import { useEver } from "../../components/use-ever.ts";
import { useFormats } from "../../i18n/formats.ts";
import { CURRENCIES, type Currency } from "../../money/currency.ts";
import { remember } from "../../session/tab-storage.ts";
import { usePerson } from "../../session/use-session.ts";

const AddFunds = lazy(() => import("../funds/top-up/add-funds.tsx"));

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly wallet: BalancesView | undefined;
}

/** The dialog of the page Funds, on another page. Stripe leads back to Funds, where the payment is followed. */
export function AddFundsHere({ opened, onClose, wallet }: Props) {
  const navigate = useNavigate();
  const { sub } = usePerson();
  if (!useEver(opened)) return null;
  const follow = (topUpId: string) => {
    remember(`following.${sub}`, { topUpId, left: false });
    navigate("/funds");
  };
  return (
    <Suspense>
      <AddFunds opened={opened} onClose={onClose} wallet={wallet} onKnown={follow} />
    </Suspense>
  );
}

/** Writes an amount into the dialog before it opens: at least what one may add. */
export function useSuggestedFunds() {
  const { sub } = usePerson();
  const formats = useFormats();
  return (amountMinor: number, currency: Currency) => {
    const { floorMinor, ceilingMinor } = CURRENCIES[currency];
    const text = formats.plain(Math.min(Math.max(amountMinor, floorMinor), ceilingMinor), currency);
    remember(`draft.${sub}`, { currency, text });
  };
}
