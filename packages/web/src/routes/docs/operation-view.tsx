import { StateBadge } from "../../components/badge.tsx";
import { useMessages } from "../../i18n/language.tsx";
import styles from "./docs.module.css";
import { docsMessages } from "./messages.ts";
import { type ApiOperation, lineOf, type OpenApi, resolve } from "./openapi.ts";
import { Prose } from "./prose.tsx";
import { SchemaView } from "./schema-view.tsx";

interface Props {
  readonly document: OpenApi;
  readonly operation: ApiOperation;
}

/** One operation: what it does, what it wants, what it answers. */
export function OperationView({ document, operation }: Props) {
  const messages = useMessages(docsMessages);
  const { operationId, method, path, summary, description, requestBody, responses = {} } = operation;
  const parameters = (operation.parameters ?? []).map((parameter) => resolve(document, parameter));
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const access = path.includes("/operator/") ? messages.operators : operation.security?.length ? messages.token : messages.public;
  return (
    <article id={operationId} className={styles.operation} lang="en">
      <h3 className={styles.heading}>{summary}</h3>
      <p className={styles.route}>
        <span className={styles.method} data-method={method}>
          {method}
        </span>
        <code>{path}</code>
        <StateBadge tone="plain">{path.includes("webhook") ? messages.signature : access}</StateBadge>
      </p>
      {description && <Prose text={description} />}
      {parameters.length > 0 && (
        <>
          <h4 className={styles.part}>{messages.parameters}</h4>
          <ul className={styles.fields}>
            {parameters.map((parameter) => (
              <li key={`${parameter.in} ${parameter.name}`}>
                <code className={styles.field}>{parameter.name}</code>{" "}
                <span className={styles.type}>
                  {parameter.in} · {lineOf(document, parameter.schema ?? {})}
                </span>
                {parameter.required && <span className={styles.required}>{messages.required}</span>}
                {parameter.description && <Prose text={parameter.description} />}
              </li>
            ))}
          </ul>
        </>
      )}
      {body && (
        <>
          <h4 className={styles.part}>{messages.body}</h4>
          <SchemaView document={document} schema={body} />
        </>
      )}
      <h4 className={styles.part}>{messages.answers}</h4>
      <div className={styles.answers}>
        {Object.entries(responses).map(([status, given]) => {
          const answer = resolve(document, given);
          const schema = answer.content?.["application/json"]?.schema;
          return (
            <details key={status} className={styles.answer}>
              <summary>
                <span className={styles.status} data-class={status.charAt(0)}>
                  {status}
                </span>
                <Prose text={answer.description ?? ""} inline />
              </summary>
              {schema && <SchemaView document={document} schema={schema} />}
            </details>
          );
        })}
      </div>
    </article>
  );
}
