import { Skeleton } from "@mantine/core";
import { IconChartLine, IconReceiptOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import type { BalancesView } from "../../../api/shapes.ts";
import { useApi } from "../../../api/use-api.ts";
import { Card } from "../../../components/card.tsx";
import { Empty } from "../../../components/empty.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { Segments } from "../../../components/segments.tsx";
import { useNear } from "../../../components/use-near.ts";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { type Currency, currencies } from "../../../money/currency.ts";
import { fundsMessages } from "../messages.ts";
import styles from "./activity.module.css";
import { BalanceChart } from "./balance-chart.tsx";
import { dailyBalances, loadHistory, spendByKind } from "./history.ts";
import { Spend } from "./spend.tsx";

const RANGES = ["30", "90", "365"] as const;
type Range = (typeof RANGES)[number];
const DAY_MS = 86_400_000;
const HEIGHT = 236;

interface Props {
  readonly wallet: BalancesView | undefined;
  readonly initialCurrency: Currency;
}

/** How the balance went, and what it was spent on. Asked for once the place comes into view. */
export function Activity({ wallet, initialCurrency }: Props) {
  const api = useApi();
  const messages = useMessages(fundsMessages);
  const formats = useFormats();
  const [range, setRange] = useState<Range>("90");
  const [chosen, setChosen] = useState<Currency>();
  const currency = chosen ?? initialCurrency;
  const { ref, near } = useNear();
  const from = useMemo(() => {
    const day = new Date(Date.now() - (Number(range) - 1) * DAY_MS);
    return new Date(day.getFullYear(), day.getMonth(), day.getDate()).toISOString();
  }, [range]);
  const { data, error, refetch } = useQuery({
    queryKey: ["history", range],
    queryFn: ({ signal }) => loadHistory(api, from, signal),
    staleTime: 60_000,
    enabled: near,
  });
  const available = wallet?.balances.find((balance) => balance.currency === currency)?.availableMinor ?? 0;
  const drawing = useMemo(
    () =>
      data && {
        currency,
        points: dailyBalances(data.transactions, currency, Date.parse(data.cutAt ?? from), Date.now(), available),
        spend: spendByKind(data.transactions, currency),
      },
    [data, currency, from, available],
  );
  // Drawn piece by piece: the rest of the page does not stand still for it.
  const drawn = useDeferredValue(drawing);
  const quiet = drawn?.points.every(({ availableMinor }) => availableMinor === 0) ?? false;
  const waiting = <Skeleton height={HEIGHT} radius="md" />;
  return (
    <div ref={ref} className={styles.activity}>
      <Card
        title={messages.activity}
        tools={
          <>
            <Segments
              small
              label={messages.currency}
              value={currency}
              onChange={setChosen}
              options={currencies.map((code) => ({ value: code, label: code }))}
            />
            <Segments
              small
              label={messages.range}
              value={range}
              onChange={setRange}
              options={RANGES.map((days) => ({ value: days, label: messages.ranges[days] }))}
            />
          </>
        }
      >
        <div className={styles.chart}>
          {error ? (
            <ProblemNotice error={error} onRetry={refetch} />
          ) : !drawn || !wallet ? (
            waiting
          ) : quiet ? (
            <Empty icon={IconChartLine} title={messages.noActivity}>
              {messages.noActivityText}
            </Empty>
          ) : (
            <BalanceChart points={drawn.points} currency={drawn.currency} />
          )}
          {data?.cutAt && <p className={styles.note}>{messages.since(formats.day(new Date(data.cutAt)))}</p>}
        </div>
      </Card>
      <Card title={messages.spend}>
        {!drawn ? (
          error ? null : (
            waiting
          )
        ) : drawn.spend.length === 0 ? (
          <Empty icon={IconReceiptOff} title={messages.noSpend}>
            {messages.noSpendText}
          </Empty>
        ) : (
          <Spend rows={drawn.spend} currency={drawn.currency} />
        )}
      </Card>
    </div>
  );
}
