import { ProblemError } from "@aira/contract/client";
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useApi } from "../../../api/use-api.ts";
import { Notice } from "../../../components/notice.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { topUpMessages } from "./messages.ts";
import { pauseAfter, reportOf } from "./report.ts";
import type { Following } from "./use-return.ts";

interface Props {
  readonly following: Following;
  readonly onSettled: () => void;
  readonly onDismiss: () => void;
  /** After a payment that came to nothing. */
  readonly onStartAgain: () => void;
}

/** Follows a top-up until it is credited, failed or expired, and says which. */
export function TopUpProgress({ following, onDismiss, ...rest }: Props) {
  const messages = useMessages(topUpMessages);
  if (following.topUpId !== undefined) return <Known topUpId={following.topUpId} left={following.left} onDismiss={onDismiss} {...rest} />;
  return (
    <Notice tone="plain" title={messages.thanks} actions={<Dismiss onDismiss={onDismiss} />}>
      <p>{messages.thanksText}</p>
    </Notice>
  );
}

function Known({ topUpId, left, onSettled, onDismiss, onStartAgain }: Omit<Props, "following"> & { topUpId: string; left: boolean }) {
  const api = useApi();
  const queries = useQueryClient();
  const messages = useMessages(topUpMessages);
  const formats = useFormats();
  const key = ["top-up", topUpId];
  const { data, error, isFetching } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.getTopUp({ params: { topUpId } }, { signal }),
    staleTime: 0,
    refetchInterval: ({ state }) => {
      if (state.error && isUnknown(state.error)) return false;
      // Whoever left Stripe's page may still go back to it, in their own time.
      if (left && state.data?.state === "open") return false;
      return pauseAfter(state.dataUpdateCount + state.errorUpdateCount, state.data?.state) ?? false;
    },
  });
  const settled = data !== undefined && reportOf(data).settled;
  useEffect(() => {
    if (!settled) return;
    onSettled();
    void queries.invalidateQueries({ queryKey: ["balances"] });
    void queries.invalidateQueries({ queryKey: ["statement"] });
    void queries.invalidateQueries({ queryKey: ["history"] });
  }, [settled, queries, onSettled]);

  const again = () => void queries.resetQueries({ queryKey: key });
  if (error && !isFetching && (isUnknown(error) || !data))
    return <ProblemNotice error={error} {...(isUnknown(error) ? {} : { onRetry: again })} />;
  if (!data)
    return (
      <Notice tone="busy" title={messages.looking}>
        <p>{messages.lookingText}</p>
      </Notice>
    );

  const { state, url, currency, amountMinor, creditedMinor } = data;
  const amount = formats.money(amountMinor, currency);
  if (left && state === "open")
    return (
      <Notice
        tone="plain"
        title={messages.left(amount)}
        actions={
          <>
            {url && (
              <Button component="a" href={url}>
                {messages.back}
              </Button>
            )}
            <Dismiss onDismiss={onDismiss} />
          </>
        }
      >
        <p>{messages.leftText}</p>
      </Notice>
    );
  const counted = queries.getQueryState(key);
  const questions = (counted?.dataUpdateCount ?? 0) + (counted?.errorUpdateCount ?? 0);
  const stopped = !settled && pauseAfter(questions, state) === undefined;
  if (stopped && state !== "processing")
    return (
      <Notice
        tone="warning"
        title={messages.unconfirmed}
        actions={
          <>
            <Button onClick={again}>{messages.checkAgain}</Button>
            <Dismiss onDismiss={onDismiss} />
          </>
        }
      >
        <p>{messages.unconfirmedText}</p>
      </Notice>
    );
  const { name, tone } = reportOf(data);
  const title =
    name === "reversed" ? messages.reversed(amount, formats.money(amountMinor - creditedMinor, currency)) : messages[name](amount);
  const retry = name === "failed" || name === "expired";
  return (
    <Notice
      tone={stopped ? "plain" : tone}
      title={title}
      actions={
        (settled || stopped) && (
          <>
            {retry && <Button onClick={onStartAgain}>{messages.title}</Button>}
            {stopped && <Button onClick={again}>{messages.checkAgain}</Button>}
            <Dismiss onDismiss={onDismiss} />
          </>
        )
      }
    >
      <p>{messages[`${name}Text`]}</p>
    </Notice>
  );
}

function Dismiss({ onDismiss }: { readonly onDismiss: () => void }) {
  const messages = useMessages(topUpMessages);
  return (
    <Button variant="subtle" onClick={onDismiss}>
      {messages.dismiss}
    </Button>
  );
}

const isUnknown = (error: unknown): boolean => error instanceof ProblemError && error.problem.code === "top_up.not_found";
