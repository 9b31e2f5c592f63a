import { useNetwork } from "@mantine/hooks";
import { Notice } from "../components/notice.tsx";
import { useMessages } from "../i18n/language.tsx";
import { shellMessages } from "./messages.ts";

export function OfflineBar() {
  const { online } = useNetwork();
  const messages = useMessages(shellMessages);
  return online ? null : <Notice tone="warning" title={messages.offline} />;
}
