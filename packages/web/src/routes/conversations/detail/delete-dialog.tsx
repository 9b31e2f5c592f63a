import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { useApi } from "../../../api/use-api.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useOpening } from "../../../components/use-ever.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { conversationMessages } from "../messages.ts";
import styles from "./detail.module.css";
import { conversationKey } from "./use-conversation.ts";

interface Props {
  readonly conversationId: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Says what goes and what remains, and deletes. */
export default function DeleteDialog({ conversationId, opened, onClose }: Props) {
  const api = useApi();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const messages = useMessages(conversationMessages);
  const deleting = useMutation({
    mutationFn: () => api.deleteConversation({ params: { conversationId } }),
    onSuccess: () => {
      notifications.show({ message: messages.deleted });
      navigate("/conversations");
      queries.removeQueries({ queryKey: conversationKey(conversationId) });
      void queries.invalidateQueries({ queryKey: ["conversations", "list"] });
    },
  });
  return (
    <Modal
      opened={useOpening(opened)}
      onClose={onClose}
      size={440}
      title={messages.deleteTitle}
      closeButtonProps={{ "aria-label": messages.close }}
    >
      <div className={styles.dialog}>
        <p>{messages.deleteText}</p>
        <p className={styles.quiet}>{messages.deleteKeeps}</p>
        {deleting.error && <ProblemNotice error={deleting.error} onRetry={() => deleting.mutate()} />}
        <div className={styles.buttons}>
          <Button variant="subtle" data-autofocus onClick={onClose}>
            {messages.keep}
          </Button>
          <Button color="red.9" aria-disabled={deleting.isPending} onClick={() => !deleting.isPending && deleting.mutate()}>
            {deleting.isPending ? messages.deleteBusy : messages.deleteConfirm}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
