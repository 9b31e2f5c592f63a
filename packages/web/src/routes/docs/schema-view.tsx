import { useMessages } from "../../i18n/language.tsx";
import styles from "./docs.module.css";
import { docsMessages } from "./messages.ts";
import { lineOf, nameOf, type OpenApi, resolve, type Schema } from "./openapi.ts";

interface Props {
  readonly document: OpenApi;
  readonly schema: Schema;
  /** How deep it is inside the one that was asked for. */
  readonly depth?: number;
}

const DEEPEST = 4;

/** The fields of an object, those inside them folded away. */
export function SchemaView({ document, schema: given, depth = 0 }: Props) {
  const messages = useMessages(docsMessages);
  const schema = resolve(document, given);
  const parts = schema.allOf?.map((part) => resolve(document, part)) ?? [schema];
  const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {})) as Readonly<Record<string, Schema>>;
  const required = new Set(parts.flatMap((part) => part.required ?? []));
  if (Object.keys(properties).length === 0) return <code className={styles.line}>{lineOf(document, given)}</code>;
  return (
    <ul className={styles.fields}>
      {Object.entries(properties).map(([name, property]) => {
        const inner = innerOf(document, property);
        return (
          <li key={name}>
            <code className={styles.field}>{name}</code> <span className={styles.type}>{lineOf(document, property)}</span>
            {required.has(name) && <span className={styles.required}>{messages.required}</span>}
            {property.description && <p className={styles.note}>{property.description}</p>}
            {inner && depth < DEEPEST && (
              <details className={styles.inner}>
                <summary>{nameOf(inner) ?? name}</summary>
                <SchemaView document={document} schema={inner} depth={depth + 1} />
              </details>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The object that a field is, or is a list of. */
function innerOf(document: OpenApi, schema: Schema): Schema | undefined {
  const resolved = resolve(document, schema);
  if (resolved.properties) return schema;
  if (resolved.items) return innerOf(document, resolved.items);
  return undefined;
}
