import { ANSWERING_MODES, type AnsweringMode, LANGUAGES, type Language } from "@aira/contract";
import { ProblemError } from "@aira/contract/client";
import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { useApi } from "../../../api/use-api.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import type { NumberView } from "../shapes.ts";
import { type Draft, readPhone, toDraft, toPatch } from "./draft.ts";
import { HoursEditor } from "./hours-editor.tsx";
import { settingsMessages } from "./messages.ts";
import styles from "./settings.module.css";

/** The contract's bounds of a greeting. */
const GREETING_CHARACTERS = 500;

/** How a number answers. Shown as it is until the API has taken a change. */
export function SettingsForm({ number }: { readonly number: NumberView }) {
  const { numberId, settings } = number;
  const api = useApi();
  const queries = useQueryClient();
  const messages = useMessages(settingsMessages);
  const formats = useFormats();
  const [draft, setDraft] = useState<Draft>(() => toDraft(settings));
  const [checked, setChecked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const saving = useMutation({
    mutationFn: (patch: ReturnType<typeof toPatch>) => api.updateNumber({ params: { numberId }, body: patch }),
    onSuccess: (saved) => {
      queries.setQueryData(["numbers", "one", numberId], saved);
      void queries.invalidateQueries({ queryKey: ["numbers", "list"] });
      notifications.show({ message: messages.saved });
    },
  });
  const patch = toPatch(settings, draft);
  const unchanged = Object.keys(patch).length === 0;
  const code = saving.error instanceof ProblemError ? saving.error.problem.code : undefined;
  const wrong = {
    friendlyName: draft.friendlyName.trim() === "" ? messages.nameMissing : undefined,
    forwardTo:
      draft.answeringMode === "forward" && readPhone(draft.forwardTo) === undefined
        ? messages.forwardToWrong
        : code === "number.forward_to_own"
          ? messages.forwardToOwn
          : undefined,
  };
  const change = (next: Partial<Draft>) => {
    setDraft({ ...draft, ...next });
    saving.reset();
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    setChecked(true);
    if (wrong.friendlyName || (wrong.forwardTo && code === undefined))
      return form.current?.querySelector<HTMLElement>(wrong.friendlyName ? "[name=friendlyName]" : "[name=forwardTo]")?.focus();
    if (!unchanged && !saving.isPending) saving.mutate(patch);
  };
  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      <TextInput
        name="friendlyName"
        label={messages.name}
        description={messages.nameHint}
        value={draft.friendlyName}
        maxLength={64}
        autoComplete="off"
        onChange={(event) => change({ friendlyName: event.currentTarget.value })}
        error={checked && wrong.friendlyName}
      />
      <Modes value={draft.answeringMode} onChange={(answeringMode) => change({ answeringMode })} />
      {draft.answeringMode === "forward" && (
        <TextInput
          name="forwardTo"
          type="tel"
          label={messages.forwardTo}
          description={messages.forwardToHint}
          value={draft.forwardTo}
          maxLength={32}
          autoComplete="off"
          onChange={(event) => change({ forwardTo: event.currentTarget.value })}
          error={(checked || code) && wrong.forwardTo}
        />
      )}
      <Select
        label={messages.language}
        allowDeselect={false}
        value={draft.language}
        onChange={(language) => language && change({ language: language as Language })}
        data={LANGUAGES.map((language) => ({ value: language, label: messages.languages[language] }))}
      />
      <Textarea
        label={messages.greeting}
        description={`${messages.greetingHint} ${messages.greetingCount(formats.number(GREETING_CHARACTERS - draft.greeting.length))}`}
        value={draft.greeting}
        maxLength={GREETING_CHARACTERS}
        rows={3}
        onChange={(event) => change({ greeting: event.currentTarget.value })}
      />
      <HoursEditor value={draft.businessHours} onChange={(businessHours) => change({ businessHours })} />
      {saving.error && code !== "number.forward_to_own" && <ProblemNotice error={saving.error} onRetry={submit} />}
      <div className={styles.buttons}>
        {unchanged ? (
          <span className={styles.note}>{messages.unchanged}</span>
        ) : (
          <Button
            variant="subtle"
            onClick={() => {
              setDraft(toDraft(settings));
              setChecked(false);
              saving.reset();
            }}
          >
            {messages.discard}
          </Button>
        )}
        <Button type="submit" loading={saving.isPending} aria-disabled={unchanged}>
          {messages.save}
        </Button>
      </div>
    </form>
  );
}

function Modes({ value, onChange }: { readonly value: AnsweringMode; readonly onChange: (mode: AnsweringMode) => void }) {
  const messages = useMessages(settingsMessages);
  const name = useId();
  return (
    <fieldset className={styles.modes}>
      <legend>{messages.mode}</legend>
      {ANSWERING_MODES.map((mode) => (
        <label key={mode} className={styles.mode}>
          <input type="radio" name={name} checked={value === mode} onChange={() => onChange(mode)} />
          <span>
            <span className={styles.modeName}>{messages.modes[mode]}</span>
            <span className={styles.note}>{messages.modeTexts[mode]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
