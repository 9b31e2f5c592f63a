import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { useEver } from "../use-ever.ts";
import { noticeMessages } from "./messages.ts";
import styles from "./notices.module.css";
import { useNotices } from "./use-notices.ts";

const NoticesDrawer = lazy(() => import("./notices-drawer.tsx"));

/** How much there is to be told, and the way to it. */
export default function Bell() {
  const messages = useMessages(noticeMessages);
  const formats = useFormats();
  const notices = useNotices();
  const [opened, setOpened] = useState(false);
  const everOpened = useEver(opened);
  const { unread } = notices;
  const count = formats.number(unread);
  return (
    <>
      <UnstyledButton
        className={styles.bell ?? ""}
        onClick={() => {
          notices.look();
          setOpened(true);
        }}
      >
        <IconBell size={20} stroke={1.75} aria-hidden="true" />
        <span className={styles.name}>{messages.title}</span>
        {unread > 0 && (
          <span className={styles.count}>
            {count} <VisuallyHidden>{messages.unread}</VisuallyHidden>
          </span>
        )}
      </UnstyledButton>
      <Suspense>
        {everOpened && (
          <NoticesDrawer
            notices={notices}
            opened={opened}
            onClose={() => {
              setOpened(false);
              notices.forgetNew();
            }}
          />
        )}
      </Suspense>
    </>
  );
}
