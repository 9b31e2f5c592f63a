import { Button, Modal, Skeleton, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useApi } from "../../../api/use-api.ts";
import { Notice } from "../../../components/notice.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useOpening } from "../../../components/use-ever.ts";
import { useMessages } from "../../../i18n/language.tsx";
import addStyles from "../add/add-number.module.css";
import { formatPhone, lastFour } from "../phone-number.ts";
import type { NumberView } from "../shapes.ts";
import { useRefreshed } from "../use-numbers.ts";
import { releaseMessages } from "./messages.ts";

interface Props {
  readonly number: NumberView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Says what is lost, and gives the number back once its last digits were typed. */
export default function ReleaseDialog({ number, opened, onClose }: Props) {
  const messages = useMessages(releaseMessages);
  return (
    <Modal
      opened={useOpening(opened)}
      onClose={onClose}
      size={480}
      title={messages.title(formatPhone(number.phoneNumber))}
      closeButtonProps={{ "aria-label": messages.close }}
    >
      <ReleaseForm number={number} onClose={onClose} />
    </Modal>
  );
}

function ReleaseForm({ number: { numberId, phoneNumber }, onClose }: Omit<Props, "opened">) {
  const api = useApi();
  const navigate = useNavigate();
  const refreshed = useRefreshed();
  const messages = useMessages(releaseMessages);
  const [text, setText] = useState("");
  const [checked, setChecked] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const losses = useQuery({
    queryKey: ["number-losses", numberId],
    queryFn: ({ signal }) => api.releaseNumber({ params: { numberId }, body: { dryRun: true } }, { signal }),
    staleTime: 0,
  });
  const releasing = useMutation({
    mutationFn: () => api.releaseNumber({ params: { numberId }, body: {} }),
    onSuccess: ({ number }) => {
      const written = formatPhone(phoneNumber);
      notifications.show({ message: number.state === "released" ? messages.done(written) : messages.onItsWay(written) });
      onClose();
      navigate("/numbers");
      refreshed();
    },
  });
  const matches = text.trim() === lastFour(phoneNumber);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    setChecked(true);
    if (!matches) return input.current?.focus();
    if (losses.data && !releasing.isPending) releasing.mutate();
  };
  return (
    <form className={addStyles.confirm} onSubmit={submit} noValidate>
      {losses.isPending && (
        <div aria-busy="true" role="status" aria-label={messages.looking}>
          <Skeleton height={132} radius="md" />
        </div>
      )}
      {losses.error && <ProblemNotice error={losses.error} onRetry={() => losses.refetch()} />}
      {losses.data && (
        <Notice tone="warning" title={messages.losses}>
          <ul lang="en">
            {losses.data.losses.map((loss) => (
              <li key={loss}>{loss}</li>
            ))}
          </ul>
        </Notice>
      )}
      <TextInput
        ref={input}
        data-autofocus
        label={messages.confirm(lastFour(phoneNumber))}
        inputMode="numeric"
        autoComplete="off"
        maxLength={4}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={checked && !matches ? messages.mismatch : undefined}
      />
      {releasing.error && <ProblemNotice error={releasing.error} onRetry={submit} />}
      <div className={addStyles.buttons}>
        <Button variant="subtle" onClick={onClose}>
          {messages.keep}
        </Button>
        <Button type="submit" color="red.9" aria-disabled={releasing.isPending || !losses.data}>
          {releasing.isPending ? messages.busy : messages.submit}
        </Button>
      </div>
    </form>
  );
}
