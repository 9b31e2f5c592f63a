import { Button, Skeleton, TextInput } from "@mantine/core";
import { IconFileCode, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../api/use-api.ts";
import { Card } from "../../components/card.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useMessages } from "../../i18n/language.tsx";
import styles from "./docs.module.css";
import { docsMessages } from "./messages.ts";
import { type ApiOperation, type OpenApi, operationsOf } from "./openapi.ts";
import { OperationView } from "./operation-view.tsx";
import { Prose } from "./prose.tsx";

/** The API reference, made from the very document that the API answers at /api/openapi.json. */
export default function Docs() {
  const api = useApi();
  const messages = useMessages(docsMessages);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["openapi"],
    queryFn: ({ signal }) => api.getOpenapi({}, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      <PageHead
        title={messages.title}
        lead={messages.english}
        actions={
          <Button component="a" variant="default" href="/api/openapi.json" leftSection={<IconFileCode size={18} aria-hidden="true" />}>
            {messages.file}
          </Button>
        }
      />
      {isPending && <Skeleton height={420} radius="lg" />}
      {error && <ProblemNotice error={error} onRetry={refetch} />}
      {data && <Reference document={data as unknown as OpenApi} />}
    </>
  );
}

function Reference({ document }: { readonly document: OpenApi }) {
  const messages = useMessages(docsMessages);
  const [text, setText] = useState("");
  const all = operationsOf(document);
  const matches = ({ operationId, path, summary = "" }: ApiOperation) =>
    `${operationId} ${path} ${summary}`.toLowerCase().includes(text.trim().toLowerCase());
  const shown = all.filter(matches);
  const groups = Map.groupBy(shown, ({ tag }) => tag);
  const { version, description } = document.info;
  return (
    <div className={styles.reference}>
      <nav className={styles.index} aria-label={messages.operations}>
        <TextInput
          aria-label={messages.filter}
          placeholder={messages.filter}
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {[...groups].map(([tag, operations]) => (
          <div key={tag} lang="en">
            <h2 className={styles.tag}>{tag}</h2>
            <ul>
              {operations.map(({ operationId, method, summary }) => (
                <li key={operationId}>
                  <a href={`#${operationId}`}>
                    <span className={styles.method} data-method={method}>
                      {method}
                    </span>
                    {summary}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <Card label={messages.title}>
        <div className={styles.intro} lang="en">
          <p className={styles.version}>{messages.version(version)}</p>
          {description && <Prose text={description} />}
        </div>
        {shown.length === 0 && <p className={styles.note}>{messages.none}</p>}
        {shown.map((operation) => (
          <OperationView key={operation.operationId} document={document} operation={operation} />
        ))}
      </Card>
    </div>
  );
}
