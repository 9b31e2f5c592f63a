import { Button } from "@mantine/core";
import { IconMessageOff, IconTrash } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { Link, useParams } from "react-router";
import { Card } from "../../../components/card.tsx";
import { Columns, DetailPage } from "../../../components/detail/detail-page.tsx";
import { PageHead } from "../../../components/page-head.tsx";
import { useEver } from "../../../components/use-ever.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { formatPhone } from "../../numbers/phone-number.ts";
import { conversationMessages } from "../messages.ts";
import type { ConversationView } from "../shapes.ts";
import { About } from "./about.tsx";
import { Transcript } from "./transcript.tsx";
import { useConversation } from "./use-conversation.ts";
import { Voicemail } from "./voicemail.tsx";

const DeleteDialog = lazy(() => import("./delete-dialog.tsx"));

/** One conversation with what was said. */
export function ConversationPage() {
  const { conversationId = "" } = useParams();
  const messages = useMessages(conversationMessages);
  const read = useConversation(conversationId);
  const { conversation } = read;
  return (
    <DetailPage back={{ to: "/conversations", name: messages.back }} goneIcon={IconMessageOff} read={read}>
      {conversation && (
        <>
          <Head conversation={conversation} />
          <Columns aside={<About conversation={conversation} />}>
            {conversation.voicemail && <Voicemail voicemail={conversation.voicemail} />}
            <Card title={messages.transcript}>
              <Transcript conversation={conversation} read={read} />
            </Card>
          </Columns>
        </>
      )}
    </DetailPage>
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
