import { useState } from "react";
import { Card } from "../../../components/card.tsx";
import { Notice } from "../../../components/notice.tsx";
import { useMessages } from "../../../i18n/language.tsx";
import { useLength } from "../length.ts";
import { conversationMessages } from "../messages.ts";
import type { ConversationView } from "../shapes.ts";
import styles from "./detail.module.css";

interface Props {
  readonly voicemail: NonNullable<ConversationView["voicemail"]>;
}

/** What a caller left, to hear and to read. Nothing is fetched before somebody presses play. */
export function Voicemail({ voicemail: { url, lengthSeconds, transcript } }: Props) {
  const messages = useMessages(conversationMessages);
  const length = useLength();
  const [broken, setBroken] = useState(false);
  return (
    <Card title={messages.listen}>
      <figure className={styles.voicemail}>
        {broken ? (
          <Notice tone="warning" title={messages.unplayable}>
            <a href={url} target="_blank" rel="noreferrer">
              {messages.openRecording}
            </a>
          </Notice>
        ) : (
          // biome-ignore lint/a11y/useMediaCaption: its words stand below.
          <audio
            className={styles.player}
            controls
            preload="none"
            src={url}
            aria-label={messages.recording(length(lengthSeconds))}
            onError={() => setBroken(true)}
          />
        )}
        <figcaption>
          <span className={styles.fine}>{messages.recording(length(lengthSeconds))}</span>
          <blockquote className={styles.words} data-none={!transcript || undefined}>
            {transcript ?? messages.noTranscript}
            {transcript === "" && messages.emptyTranscript}
          </blockquote>
        </figcaption>
      </figure>
    </Card>
  );
}
