import styles from "./docs.module.css";

interface Props {
  readonly text: string;
  readonly inline?: boolean;
}

/** Text of the contract, in which backticks set code apart. */
export function Prose({ text, inline = false }: Props) {
  const parts = text.split("`").map((part, at) => ({ part, code: at % 2 === 1, id: `${at} ${part}` }));
  const content = parts.map(({ part, code, id }) => (code ? <code key={id}>{part}</code> : part));
  return inline ? <span>{content}</span> : <p className={styles.note}>{content}</p>;
}
