import { ProblemError } from "@aira/contract/client";
import { Button } from "@mantine/core";
import { IconHistory, IconMessageOff, IconPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { useEver } from "../../components/use-ever.ts";
import { useMessages } from "../../i18n/language.tsx";
import { useConversation } from "../conversations/detail/use-conversation.ts";
import styles from "./assistant.module.css";
import { Chat } from "./chat.tsx";
import { History } from "./history.tsx";
import { assistantMessages } from "./messages.ts";
import { useTurns } from "./use-turns.ts";

const HistoryDrawer = lazy(() => import("./history-drawer.tsx"));

export function Assistant() {
  const { conversationId } = useParams();
  const messages = useMessages(assistantMessages);
  const navigate = useNavigate();
  const read = useConversation(conversationId ?? "", conversationId !== undefined);
  const { startAnew, ...turns } = useTurns(conversationId);
  const [looking, setLooking] = useState(false);
  const everLooked = useEver(looking);
  const begin = () => {
    startAnew();
    navigate("/assistant");
  };
  const { error } = read;
  const isUnknown =
    error instanceof ProblemError && (error.problem.status === 404 || error.problem.status === 400) && turns.turns.length === 0;
  const newChat = (
    <Button variant="default" leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={begin}>
      {messages.newChat}
    </Button>
  );
  return (
    <>
      <PageHead
        title={messages.title}
        actions={
          <>
            <Button
              className={styles.historyButton ?? ""}
              variant="default"
              leftSection={<IconHistory size={18} aria-hidden="true" />}
              onClick={() => setLooking(true)}
            >
              {messages.earlier}
            </Button>
            {conversationId !== undefined && newChat}
          </>
        }
      />
      <div className={styles.columns}>
        {isUnknown ? (
          <Card label={messages.unknown}>
            <Empty icon={IconMessageOff} title={messages.unknown} action={newChat}>
              {messages.unknownText}
            </Empty>
          </Card>
        ) : (
          <Chat conversationId={conversationId} read={read} {...turns} />
        )}
        <aside className={styles.history}>
          <Card title={messages.earlier}>
            <History current={conversationId} />
          </Card>
        </aside>
      </div>
      <Suspense>{everLooked && <HistoryDrawer current={conversationId} opened={looking} onClose={() => setLooking(false)} />}</Suspense>
    </>
  );
}
