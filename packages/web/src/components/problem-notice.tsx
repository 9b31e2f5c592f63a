import { Button } from "@mantine/core";
import { useDescribeError } from "../api/describe-error.ts";
import { problemMessages } from "../api/problem-messages.ts";
import { useMessages } from "../i18n/language.tsx";
import { Notice } from "./notice.tsx";

interface Props {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong, in the problem document's sentence, with the id to ask about it, and a way on. */
export function ProblemNotice({ error, onRetry }: Props) {
  const messages = useMessages(problemMessages);
  const { title, detail, detailLanguage, requestId, fields } = useDescribeError()(error);
  return (
    <Notice tone="problem" title={title} actions={onRetry && <Button onClick={onRetry}>{messages.retry}</Button>}>
      {detail && <p lang={detailLanguage}>{detail}</p>}
      {fields.length > 0 && (
        <ul lang="en">
          {fields.map(({ field, detail: broken }) => (
            <li key={field}>
              <code>{field}</code> {broken}
            </li>
          ))}
        </ul>
      )}
      {requestId && (
        <p>
          {messages.request} <code>{requestId}</code>
        </p>
      )}
    </Notice>
  );
}
