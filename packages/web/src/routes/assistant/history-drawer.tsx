import { Drawer } from "@mantine/core";
import { useOpening } from "../../components/use-ever.ts";
import { useMessages } from "../../i18n/language.tsx";
import { History } from "./history.tsx";
import { assistantMessages } from "./messages.ts";

interface Props {
  readonly current: string | undefined;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Earlier chats where there is no room beside. */
export default function HistoryDrawer({ current, opened, onClose }: Props) {
  const messages = useMessages(assistantMessages);
  return (
    <Drawer
      opened={useOpening(opened)}
      onClose={onClose}
      size={360}
      title={messages.earlier}
      closeButtonProps={{ "aria-label": messages.close }}
    >
      <History current={current} onOpen={onClose} />
    </Drawer>
  );
}
