import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { Card } from "../../../components/card.tsx";
import { useEver } from "../../../components/use-ever.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { settingsMessages } from "../settings/messages.ts";
import styles from "../settings/settings.module.css";
import type { NumberView } from "../shapes.ts";

const ReleaseDialog = lazy(() => import("./release-dialog.tsx"));

/** The way to give a number back. */
export function ReleaseCard({ number }: { readonly number: NumberView }) {
  const messages = useMessages(settingsMessages);
  const [asking, setAsking] = useState(false);
  const everAsked = useEver(asking);
  return (
    <Card title={messages.release}>
      <p className={styles.note}>{messages.releaseText}</p>
      <Button variant="default" mt="sm" onClick={() => setAsking(true)}>
        {messages.releaseButton}
      </Button>
      <Suspense>{everAsked && <ReleaseDialog number={number} opened={asking} onClose={() => setAsking(false)} />}</Suspense>
    </Card>
  );
}
