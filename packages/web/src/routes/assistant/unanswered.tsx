import { Button } from "@mantine/core";
import { useDescribeError } from "../../api/describe-error.ts";
import { problemMessages } from "../../api/problem-messages.ts";
import { Notice } from "../../components/notice.tsx";
import { useMessages } from "../../i18n/language.tsx";
import styles from "./assistant.module.css";
import { assistantMessages } from "./messages.ts";

interface Props {
  readonly error: unknown;
  readonly onAgain: () => void;
  readonly onDrop: () => void;
}

/** A turn that came to nothing: it was not stored, so sending it again asks once. */
export function Unanswered({ error, onAgain, onDrop }: Props) {
  const messages = useMessages(assistantMessages);
  const { request } = useMessages(problemMessages);
  const { title, detail, detailLanguage, requestId } = useDescribeError()(error);
  return (
    <li className={styles.failure}>
      <Notice
        tone="problem"
        title={`${messages.notSent}: ${title}`}
        actions={
          <>
            <Button onClick={onAgain}>{messages.again}</Button>
            <Button variant="subtle" onClick={onDrop}>
              {messages.drop}
            </Button>
          </>
        }
      >
        {detail && <p lang={detailLanguage}>{detail}</p>}
        {requestId && (
          <p>
            {request} <code>{requestId}</code>
          </p>
        )}
      </Notice>
    </li>
  );
}
