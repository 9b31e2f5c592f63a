import { Button } from "@mantine/core";
import { IconPhoneOff } from "@tabler/icons-react";
import { useState } from "react";
import { useParams } from "react-router";
import { Card } from "../../../components/card.tsx";
import { Columns, DetailPage } from "../../../components/detail/detail-page.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PageHead } from "../../../components/page-head.tsx";
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
  const read = useNumber(numberId);
  return (
    <DetailPage back={{ to: "/numbers", name: messages.back }} goneIcon={IconPhoneOff} read={read}>
      {read.data && <Loaded number={read.data} />}
    </DetailPage>
  );
}

function Loaded({ number }: { readonly number: NumberView }) {
  const messages = useMessages(settingsMessages);
  const inUse = number.state === "active" || number.state === "suspended";
  return (
    <>
      <PageHead title={formatPhone(number.phoneNumber)} actions={<NumberState number={number} />} />
      <Standing number={number} />
      <Columns
        aside={
          <>
            <About number={number} />
            {inUse && <ReleaseCard number={number} />}
          </>
        }
      >
        <Card title={messages.answers}>
          {inUse ? <SettingsForm key={number.updatedAt} number={number} /> : <p className={styles.note}>{messages.notActive}</p>}
        </Card>
      </Columns>
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
        title={number.state === "active" ? messages.unpaid : messages.states[number.state]}
        actions={standing.unpaid && <Button onClick={() => setAdding(true)}>{messages.addFunds}</Button>}
      >
        <p>{standing.text}</p>
      </Notice>
      <AddFundsHere opened={adding} onClose={() => setAdding(false)} wallet={wallet.data} />
    </>
  );
}
