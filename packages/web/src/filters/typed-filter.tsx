import { CloseButton, TextInput, type TextInputProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useState } from "react";

interface Props extends Omit<TextInputProps, "value" | "onChange" | "aria-label" | "placeholder"> {
  readonly name: string;
  readonly clearName: string;
  /** How long somebody who types is waited for. */
  readonly patienceMs: number;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** A filter that is typed: told once the typing rests, without the blanks around it. */
export function TypedFilter({ name, clearName, patienceMs, value, onChange, ...rest }: Props) {
  const [text, setText] = useState(value ?? "");
  const tell = useDebouncedCallback((typed: string) => onChange(typed.trim() || null), patienceMs);
  // Cleared from outside, or by the browser's way back.
  useEffect(() => setText((typed) => (typed.trim() === (value ?? "").trim() ? typed : (value ?? ""))), [value]);
  const change = (typed: string) => {
    setText(typed);
    tell(typed);
  };
  return (
    <TextInput
      aria-label={name}
      placeholder={name}
      value={text}
      autoComplete="off"
      onChange={(event) => change(event.currentTarget.value)}
      rightSection={text && <CloseButton size="sm" aria-label={clearName} onClick={() => change("")} />}
      {...rest}
    />
  );
}
