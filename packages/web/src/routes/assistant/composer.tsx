import { ActionIcon, Textarea } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useMessages } from "../../i18n/language.tsx";
import styles from "./assistant.module.css";
import { assistantMessages } from "./messages.ts";

interface Props {
  /** A turn is being answered: the next one may be written, not sent. */
  readonly busy: boolean;
  readonly onSend: (text: string) => void;
}

/** The contract's most of one turn. */
const CHARACTERS = 2_000;

export function Composer({ busy, onSend }: Props) {
  const messages = useMessages(assistantMessages);
  const [text, setText] = useState("");
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (busy || text.trim() === "") return;
    onSend(text.trim());
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter also ends the composing of a character, as in Hindi or Japanese.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form className={styles.composer} onSubmit={submit}>
      <Textarea
        className={styles.field ?? ""}
        aria-label={messages.input}
        aria-describedby="composer-hint"
        placeholder={messages.placeholder}
        autosize={false}
        rows={Math.min(5, text.split("\n").length)}
        maxLength={CHARACTERS}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <ActionIcon type="submit" size={42} radius="md" aria-label={messages.send} aria-disabled={busy || text.trim() === ""}>
        <IconArrowUp size={20} />
      </ActionIcon>
      <p className={styles.hint} id="composer-hint">
        {messages.hint}
      </p>
    </form>
  );
}
