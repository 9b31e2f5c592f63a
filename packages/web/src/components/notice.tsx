import { Loader } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./notice.module.css";

export type Tone = "plain" | "busy" | "good" | "warning" | "problem";

interface Props {
  readonly tone: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

const ICONS = { plain: IconInfoCircle, good: IconCircleCheck, warning: IconAlertTriangle, problem: IconAlertTriangle } as const;

/** Something that the person should read now. A problem is read out at once, the rest when there is a pause. */
export function Notice({ tone, title, children, actions }: Props) {
  const Icon = tone === "busy" ? undefined : ICONS[tone];
  return (
    <div className={styles.notice} data-tone={tone} role={tone === "problem" ? "alert" : "status"}>
      <span className={styles.icon} aria-hidden="true">
        {Icon ? <Icon size={20} stroke={1.75} /> : <Loader size={18} />}
      </span>
      <div className={styles.body}>
        <p className={styles.title}>{title}</p>
        {children && <div className={styles.text}>{children}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
