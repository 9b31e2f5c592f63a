import { ProblemError } from "@aira/contract/client";
import { Button, Skeleton } from "@mantine/core";
import { IconChevronLeft, IconPhoneOff } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { useDescribeError } from "../../../api/describe-error.ts";
import { Card } from "../../../components/card.tsx";
import { Empty } from "../../../components/empty.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useMessages } from "../../../i18n/language.tsx";
import { AddFundsHere } from "../add-funds-here.tsx";
import { numberMessages } from "../messages.ts";
import { NumberState } from "../number-state.tsx";
import { formatPhone } from "../phone-number.ts";
import { ReleaseCard } from "../release/release-card.tsx";
import type { NumberView } from "../shapes.ts";
import { useNumber, useWallet } from "../use-numbers.ts";
import { useStanding } from "../use-standing.ts";
import { About } from "./about.tsx";
import { settingsMessages } from "./messages.ts";
import styles from "./settings.module.css";
import { SettingsForm } from "./settings-form.tsx";

/** One number: how it answers, what it costs, and the way to give it back. */
export function NumberPage() {
  const { numberId = "" } = useParams();
  const messages = useMessages(numberMessages);
  const describe = useDescribeError();
  const { data, error, isPending, refetch } = useNumber(numberId);
  const back = (
    <Link to="/numbers" className={styles.back}>
      <IconChevronLeft size={18} aria-hidden="true" />
      {messages.back}
    </Link>
  );
  if (isPending)
    return (
      <>
        {back}
        <Skeleton height={34} width={240} />
        <Skeleton height={420} radius="lg" />
      </>
    );
  if (error instanceof ProblemError && (error.problem.status === 404 || error.problem.status === 400)) {
    const { title } = describe(error);
    return (
      <>
        <PageHead title={title} />
        <Card label={title}>
          <Empty
            icon={IconPhoneOff}
            title={title}
            action={
              <Button component={Link} to="/numbers">
                {messages.back}
              </Button>
            }
          >
            {error.problem.requestId}
          </Empty>
        </Card>
      </>
    );
  }
  if (!data)
    return (
      <>
        {back}
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      </>
    );
  return (
    <>
      {back}
      <Loaded number={data} />
    </>
  );
}

function Loaded({ number }: { readonly number: NumberView }) {
  const messages = useMessages(settingsMessages);
  const inUse = number.state === "active" || number.state === "suspended";
  return (
    <>
      <PageHead title={formatPhone(number.phoneNumber)} actions={<NumberState number={number} />} />
      <Standing number={number} />
      <div className={styles.columns}>
        {inUse ? (
          <Card title={messages.answers}>
            <SettingsForm key={number.updatedAt} number={number} />
          </Card>
        ) : (
          <Card title={messages.answers}>
            <p className={styles.note}>{messages.notActive}</p>
          </Card>
        )}
        <div className={styles.aside}>
          <About number={number} />
          {inUse && <ReleaseCard number={number} />}
        </div>
      </div>
    </>
  );
}

/** What is unusual about it, and what to do. */
function Standing({ number }: { readonly number: NumberView }) {
  const messages = useMessages(numberMessages);
  const standing = useStanding()(number);
  const wallet = useWallet();
  const [adding, setAdding] = useState(false);
  if (!standing) return null;
  return (
    <>
      <Notice
        tone={standing.tone === "plain" ? "busy" : standing.tone}
        title={messages.states[number.state]}
        actions={standing.unpaid && <Button onClick={() => setAdding(true)}>{messages.addFunds}</Button>}
      >
        <p>{standing.text}</p>
      </Notice>
      <AddFundsHere opened={adding} onClose={() => setAdding(false)} wallet={wallet.data} />
    </>
  );
}
