import { Skeleton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPhoneOff } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { BalancesView } from "../../../api/shapes.ts";
import { useApi } from "../../../api/use-api.ts";
import { Empty } from "../../../components/empty.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { formatPhone } from "../phone-number.ts";
import type { Offer, SearchResult } from "../shapes.ts";
import styles from "./add-number.module.css";
import { type Criteria, toSearch } from "./criteria.ts";
import { addMessages } from "./messages.ts";
import { OfferRow } from "./offer-row.tsx";
import { SearchForm } from "./search-form.tsx";

interface Props {
  readonly criteria: Criteria;
  readonly wallet: BalancesView | undefined;
  readonly onCriteria: (criteria: Criteria) => void;
  /** A number that was just taken by somebody else. */
  readonly gone: string | undefined;
  readonly onChoose: (offer: Offer) => void;
}

const TYPING_MS = 350;

/** Conditions, and the numbers that fit them, with what each costs and asks for. */
export function Search({ criteria, onCriteria, gone, onChoose }: Props) {
  const api = useApi();
  const messages = useMessages(addMessages);
  const countries = useQuery({
    queryKey: ["number-countries"],
    queryFn: ({ signal }) => api.listNumberCountries({}, { signal }),
    staleTime: 3_600_000,
  });
  const [asked] = useDebouncedValue(toSearch(criteria), TYPING_MS);
  const search = useQuery({
    queryKey: ["number-search", asked],
    queryFn: ({ signal }) => api.searchNumbers({ query: asked }, { signal }),
    placeholderData: keepPreviousData,
    enabled: countries.data !== undefined,
  });
  const { refetch } = search;
  const place = useRef<HTMLDivElement>(null);
  // Back from a number that was looked at, the focus has lost its place.
  useEffect(() => {
    if (document.activeElement === document.body) place.current?.focus();
  }, []);
  // What was taken stands in the results of before.
  useEffect(() => {
    if (gone) void refetch();
  }, [gone, refetch]);
  if (countries.error) return <ProblemNotice error={countries.error} onRetry={() => countries.refetch()} />;
  return (
    <div className={styles.search} ref={place} tabIndex={-1} data-autofocus>
      {gone && (
        <Notice tone="warning" title={messages.gone(formatPhone(gone))}>
          <p>{messages.goneText}</p>
        </Notice>
      )}
      <SearchForm countries={countries.data?.countries} criteria={criteria} onChange={onCriteria} />
      {search.error ? (
        <ProblemNotice error={search.error} onRetry={() => refetch()} />
      ) : search.data ? (
        <Results result={search.data} stale={search.isFetching} gone={gone} onChoose={onChoose} />
      ) : (
        <ResultsSkeleton />
      )}
    </div>
  );
}

interface ResultsProps {
  readonly result: SearchResult;
  readonly stale: boolean;
  readonly gone: string | undefined;
  readonly onChoose: (offer: Offer) => void;
}

function Results({ result: { numbers, reason, notes }, stale, gone, onChoose }: ResultsProps) {
  const messages = useMessages(addMessages);
  const formats = useFormats();
  const offered = numbers.filter(({ phoneNumber }) => phoneNumber !== gone);
  return (
    <section className={styles.results} aria-label={messages.results} aria-busy={stale}>
      <p className={styles.count} role="status">
        {stale ? messages.searching : reason ? messages.reasons[reason.code] : messages.found(formats.number(offered.length))}
      </p>
      {notes.length > 0 && (
        <ul className={styles.notes} lang="en" aria-label={messages.notes}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {offered.length === 0 ? (
        <Empty icon={IconPhoneOff} title={messages.reasons[reason?.code ?? "none_found"]}>
          {messages.widen}
        </Empty>
      ) : (
        <ul className={styles.offers}>
          {offered.map((offer) => (
            <OfferRow key={offer.phoneNumber} offer={offer} onChoose={() => onChoose(offer)} />
          ))}
        </ul>
      )}
    </section>
  );
}

const ROWS = ["a", "b", "c", "d", "e"];

function ResultsSkeleton() {
  return (
    <div className={styles.results} aria-busy="true">
      <Skeleton height={14} width={220} />
      <div className={styles.offers}>
        {ROWS.map((row) => (
          <div key={row} className={styles.skeletonOffer}>
            <Skeleton height={18} width={150} />
            <Skeleton height={14} width="60%" />
          </div>
        ))}
      </div>
    </div>
  );
}
