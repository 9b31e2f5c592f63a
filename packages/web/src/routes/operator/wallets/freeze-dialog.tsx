import { Button, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useApi } from "../../../api/use-api.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useMessages } from "../../../i18n/language.tsx";
import { operatorMessages } from "../messages.ts";
import styles from "../operator.module.css";
import { usePosting } from "./use-posting.ts";

interface Props {
  readonly owner: string;
  /** Whether it is frozen now: then this undoes it. */
  readonly frozen: boolean;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function FreezeDialog({ opened, onClose, owner, frozen }: Props) {
  const messages = useMessages(operatorMessages);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={440}
      title={frozen ? messages.freeze.undoTitle(owner) : messages.freeze.title(owner)}
      closeButtonProps={{ "aria-label": messages.close }}
    >
      <FreezeForm owner={owner} frozen={frozen} onClose={onClose} />
    </Modal>
  );
}

function FreezeForm({ owner, frozen, onClose }: Omit<Props, "opened">) {
  const api = useApi();
  const { adjust, freeze, find, cancel } = useMessages(operatorMessages);
  const form = useForm({
    initialValues: { reason: "" },
    validateInputOnBlur: true,
    validate: { reason: (text) => (text.trim().length < 3 ? adjust.reasonShort : null) },
  });
  const posting = usePosting({
    post: (terms: { freeze: boolean; reason: string }, idempotencyKey) => {
      const request = { params: { owner }, body: { reason: terms.reason } };
      return terms.freeze ? api.freezeWallet(request, { idempotencyKey }) : api.unfreezeWallet(request, { idempotencyKey });
    },
    sentenceOf: ({ kind }) => (kind === "freeze" ? freeze.done : freeze.undone),
    onPosted: onClose,
  });
  const submit = form.onSubmit(({ reason }) => {
    if (!posting.isPending) posting.mutate({ freeze: !frozen, reason: reason.trim() });
  });
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <p className={styles.text}>{frozen ? freeze.undoText : freeze.text}</p>
      <TextInput
        data-autofocus
        label={adjust.reason}
        description={adjust.reasonHint}
        maxLength={200}
        autoComplete="off"
        {...form.getInputProps("reason")}
      />
      {posting.error && <ProblemNotice error={posting.error} onRetry={submit} />}
      <div className={styles.buttons}>
        <Button variant="subtle" onClick={onClose}>
          {cancel}
        </Button>
        <Button type="submit" loading={posting.isPending}>
          {frozen ? find.unfreeze : find.freeze}
        </Button>
      </div>
    </form>
  );
}
