import type { Client } from "@aira/contract/client";
import { Button, Drawer, Skeleton } from "@mantine/core";
import { IconBellCheck } from "@tabler/icons-react";
import { Link } from "react-router";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages } from "../../i18n/language.tsx";
import { formatPhone } from "../../routes/numbers/phone-number.ts";
import { StateBadge } from "../badge.tsx";
import { Empty } from "../empty.tsx";
import { ProblemNotice } from "../problem-notice.tsx";
import { useOpening } from "../use-ever.ts";
import { noticeMessages } from "./messages.ts";
import styles from "./notices.module.css";
import type { Notices } from "./use-notices.ts";

type NoticeView = Awaited<ReturnType<Client["listNotices"]>>["notices"][number];

interface Props {
  readonly notices: Notices;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** What there is to be told, newest first. */
export default function NoticesDrawer({ notices: query, opened, onClose }: Props) {
  const messages = useMessages(noticeMessages);
  const { notices, error, isPending, isNew, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  return (
    <Drawer
      opened={useOpening(opened)}
      onClose={onClose}
      size={420}
      title={messages.title}
      closeButtonProps={{ "aria-label": messages.close }}
    >
      {isPending && <Skeleton height={120} />}
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {notices?.length === 0 && (
        <Empty icon={IconBellCheck} title={messages.emptyTitle}>
          {messages.emptyText}
        </Empty>
      )}
      {notices && notices.length > 0 && (
        <ul className={styles.list}>
          {notices.map((notice) => (
            <Row key={notice.noticeId} notice={notice} isNew={isNew(notice.noticeId)} onFollow={onClose} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button variant="default" fullWidth mt="md" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {messages.older}
        </Button>
      )}
    </Drawer>
  );
}

function Row({ notice, isNew, onFollow }: { readonly notice: NoticeView; readonly isNew: boolean; readonly onFollow: () => void }) {
  const { kind, numberId, phoneNumber, currency, amountMinor, dueAt, at } = notice;
  const messages = useMessages(noticeMessages);
  const formats = useFormats();
  const number = phoneNumber ? formatPhone(phoneNumber) : "";
  const amount = currency && amountMinor !== null ? formats.money(amountMinor, currency) : "";
  const to = numberId && kind !== "number.released" ? `/numbers/${numberId}` : kind === "wallet.low_balance" ? "/funds" : "/numbers";
  return (
    <li className={styles.row}>
      <p className={styles.what}>
        <Link to={to} className={styles.open} onClick={onFollow}>
          {messages.kinds[kind]}
        </Link>
        {isNew && <StateBadge tone="good">{messages.isNew}</StateBadge>}
      </p>
      <p>{messages.texts[kind](number, amount, dueAt ? formats.day(new Date(dueAt)) : "")}</p>
      <time className={styles.fine} dateTime={at}>
        {formats.moment(new Date(at))}
      </time>
    </li>
  );
}
