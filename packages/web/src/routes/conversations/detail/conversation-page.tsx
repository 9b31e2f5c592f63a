import { ProblemError } from "@aira/contract/client";
import { Button, Skeleton } from "@mantine/core";
import { IconChevronLeft, IconMessageOff, IconTrash } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { Link, useParams } from "react-router";
import { useDescribeError } from "../../../api/describe-error.ts";
import { Card } from "../../../components/card.tsx";
import { Empty } from "../../../components/empty.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useEver } from "../../../components/use-ever.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { formatPhone } from "../../numbers/phone-number.ts";
import { conversationMessages } from "../messages.ts";
import type { ConversationView } from "../shapes.ts";
import { About } from "./about.tsx";
import styles from "./detail.module.css";
import { Transcript } from "./transcript.tsx";
import { useConversation } from "./use-conversation.ts";
import { Voicemail } from "./voicemail.tsx";

const DeleteDialog = lazy(() => import("./delete-dialog.tsx"));

/** One conversation with what was said. */
export function ConversationPage() {
  const { conversationId = "" } = useParams();
  const messages = useMessages(conversationMessages);
  const describe = useDescribeError();
  const read = useConversation(conversationId);
  const back = (
    <Link to="/conversations" className={styles.back}>
      <IconChevronLeft size={18} aria-hidden="true" />
      {messages.back}
    </Link>
  );
  if (read.isPending)
    return (
      <>
        {back}
        <Skeleton height={34} width={260} />
        <Skeleton height={380} radius="lg" />
      </>
    );
  if (read.error instanceof ProblemError && (read.error.problem.status === 404 || read.error.problem.status === 400)) {
    const { title } = describe(read.error);
    return (
      <>
        <PageHead title={title} />
        <Card label={title}>
          <Empty
            icon={IconMessageOff}
            title={title}
            action={
              <Button component={Link} to="/conversations">
                {messages.back}
              </Button>
            }
          >
            {read.error.problem.requestId}
          </Empty>
        </Card>
      </>
    );
  }
  if (!read.conversation)
    return (
      <>
        {back}
        <ProblemNotice error={read.error} onRetry={() => void read.refetch()} />
      </>
    );
  const { conversation } = read;
  return (
    <>
      {back}
      <Head conversation={conversation} />
      <div className={styles.columns}>
        <div className={styles.main}>
          {conversation.voicemail && <Voicemail voicemail={conversation.voicemail} />}
          <Card title={messages.transcript}>
            <Transcript conversation={conversation} read={read} />
          </Card>
        </div>
        <About conversation={conversation} />
      </div>
    </>
  );
}

function Head({ conversation }: { readonly conversation: ConversationView }) {
  const { conversationId, kind, direction, peer } = conversation;
  const messages = useMessages(conversationMessages);
  const [deleting, setDeleting] = useState(false);
  const everDeleting = useEver(deleting);
  // In a heading a number is not broken over two lines.
  const who = peer ? formatPhone(peer).replaceAll(" ", "\u00a0") : messages.withheld;
  const title =
    kind === "chat"
      ? messages.chat
      : kind === "sms"
        ? messages.textsWith(who)
        : direction === "inbound"
          ? messages.callFrom(who)
          : messages.callTo(who);
  return (
    <>
      <PageHead
        title={title}
        actions={
          <>
            {kind === "chat" && (
              <Button component={Link} to={`/assistant/${conversationId}`}>
                {messages.goOn}
              </Button>
            )}
            <Button variant="default" leftSection={<IconTrash size={17} aria-hidden="true" />} onClick={() => setDeleting(true)}>
              {messages.delete}
            </Button>
          </>
        }
      />
      <Suspense>
        {everDeleting && <DeleteDialog conversationId={conversationId} opened={deleting} onClose={() => setDeleting(false)} />}
      </Suspense>
    </>
  );
}
