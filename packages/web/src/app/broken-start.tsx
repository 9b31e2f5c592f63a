import { Unreachable } from "../api/unreachable.ts";
import { Notice } from "../components/notice.tsx";
import { ProblemNotice } from "../components/problem-notice.tsx";
import { useMessages } from "../i18n/language.tsx";
import { SetupError } from "../session/config.ts";
import { Brand } from "./brand.tsx";
import { shellMessages } from "./messages.ts";
import styles from "./shell.module.css";

interface Props {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Not even the configuration came: nothing else can be shown. */
export function BrokenStart({ error, onRetry }: Props) {
  const messages = useMessages(shellMessages);
  return (
    <main className={styles.alone}>
      <h1>
        <Brand />
      </h1>
      {error instanceof SetupError ? (
        <Notice tone="problem" title={messages.cannotStart}>
          <p lang="en">{error.message}</p>
        </Notice>
      ) : (
        <ProblemNotice error={error instanceof TypeError ? new Unreachable(false, error) : error} onRetry={onRetry} />
      )}
    </main>
  );
}
