import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { Card } from "../../../components/card.tsx";
import { useMessages } from "../../../i18n/language.tsx";
import { useLength } from "../length.ts";
import { conversationMessages } from "../messages.ts";
import type { ConversationView } from "../shapes.ts";
import styles from "./detail.module.css";

interface Props {
  readonly voicemail: NonNullable<ConversationView["voicemail"]>;
}

/** What a caller left, to hear and to read. */
export function Voicemail({ voicemail: { url, lengthSeconds, transcript } }: Props) {
  const messages = useMessages(conversationMessages);
  const recording = messages.recording(useLength()(lengthSeconds));
  return (
    <Card title={messages.voicemail}>
      <figure className={styles.voicemail}>
        <Player url={url} recording={recording} />
        <figcaption>
          <blockquote className={styles.words} data-none={!transcript || undefined}>
            {transcript ?? messages.noTranscript}
            {transcript === "" && messages.emptyTranscript}
          </blockquote>
        </figcaption>
      </figure>
    </Card>
  );
}

/** Nothing is fetched before somebody asks to hear it. */
function Player({ url, recording }: { readonly url: string; readonly recording: string }) {
  const messages = useMessages(conversationMessages);
  const [state, setState] = useState<"silent" | "playing" | "broken">("silent");
  if (state === "silent")
    return (
      <p className={styles.listen}>
        <Button variant="default" leftSection={<IconPlayerPlay size={17} aria-hidden="true" />} onClick={() => setState("playing")}>
          {messages.listen}
        </Button>
        <span className={styles.fine}>{recording}</span>
      </p>
    );
  if (state === "broken")
    return (
      <p className={styles.broken} role="alert">
        {messages.unplayable}{" "}
        <a href={url} target="_blank" rel="noreferrer">
          {messages.openRecording}
        </a>
      </p>
    );
  return (
    // biome-ignore lint/a11y/useMediaCaption: its words stand below.
    <audio className={styles.player} controls autoPlay src={url} aria-label={recording} onError={() => setState("broken")} />
  );
}
