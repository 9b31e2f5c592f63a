import { ProblemError } from "@aira/contract/client";
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Link } from "react-router";
import { useApi } from "../../api/use-api.ts";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { usePerson } from "../../session/use-session.ts";
import { attemptsOf } from "./attempts.ts";
import { numberMessages } from "./messages.ts";
import { formatPhone } from "./phone-number.ts";
import type { NumberView } from "./shapes.ts";
import { useRefreshed } from "./use-numbers.ts";

interface Props {
  /** As it was first seen: pending. */
  readonly number: NumberView;
  readonly onDismiss: () => void;
}

/** Most purchases are settled within a minute; one that is not takes the provider's quiet period of some ten. */
const PAUSES_MS = [2_000, 3_000, 5_000, 5_000, 10_000, 10_000, 15_000];
const LAST_PAUSE_MS = 30_000;

/** The codes with which the same purchase, asked for again, says that it came to nothing. */
const CAME_TO_NOTHING = new Set(["number.not_available", "number.address_required", "number.bundle_required", "number.limit_reached"]);

/** Follows a purchase of which it is not known whether it was made, until it is, and says which. */
export function PurchaseProgress({ number, onDismiss }: Props) {
  const { numberId, phoneNumber, price } = number;
  const { progress } = useMessages(numberMessages);
  const formats = useFormats();
  const refreshed = useRefreshed();
  const queries = useQueryClient();
  const { key, ask } = useQuestion(number);
  const { data, error, isFetching } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => ask(signal),
    initialData: number,
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.state === "pending" ? (PAUSES_MS[state.dataUpdateCount + state.errorUpdateCount] ?? LAST_PAUSE_MS) : false,
  });
  const { state } = data;
  useEffect(() => {
    if (state !== "pending") refreshed();
  }, [state, refreshed]);
  const written = formatPhone(phoneNumber);
  if (state === "pending")
    return (
      <>
        <Notice tone="busy" title={progress.checking(written)}>
          <p>{progress.checkingText(formats.money(price.dueNowMinor, price.currency))}</p>
        </Notice>
        {error && !isFetching && <ProblemNotice error={error} onRetry={() => void queries.refetchQueries({ queryKey: key })} />}
      </>
    );
  const bought = state === "active" || state === "suspended";
  return (
    <Notice
      tone={bought ? "good" : "warning"}
      title={bought ? progress.bought(written) : progress.failed(written)}
      actions={
        <>
          {bought && (
            <Button component={Link} to={`/numbers/${numberId}`}>
              {progress.setUp}
            </Button>
          )}
          <Button variant="subtle" onClick={onDismiss}>
            {progress.dismiss}
          </Button>
        </>
      }
    >
      <p>{bought ? progress.boughtText : progress.failedText}</p>
    </Notice>
  );
}

/**
 * How to find out: by the very request of this tab, which has the provider asked at once; else by looking where the number stands.
 */
function useQuestion(number: NumberView) {
  const api = useApi();
  const { sub } = usePerson();
  const attempts = useMemo(() => attemptsOf(sub), [sub]);
  const { numberId, phoneNumber } = number;
  const look = (signal: AbortSignal) => api.getNumber({ params: { numberId } }, { signal });
  const ask = async (signal: AbortSignal): Promise<NumberView> => {
    const attempt = attempts.of(phoneNumber);
    if (!attempt) return look(signal);
    try {
      const now = await api.purchaseNumber({ body: attempt.terms }, { idempotencyKey: attempt.key, signal });
      if (now.state !== "pending") attempts.end(phoneNumber);
      return now;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (CAME_TO_NOTHING.has(error.problem.code)) {
        attempts.end(phoneNumber);
        return { ...number, state: "failed", failure: error.problem.code };
      }
      return look(signal);
    }
  };
  return { key: ["number-purchase", numberId], ask };
}
