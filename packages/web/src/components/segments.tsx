import { useId, useState } from "react";
import styles from "./segments.module.css";

interface Props<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly small?: boolean;
  /** As wide as its place. */
  readonly wide?: boolean;
}

/** One of a few, side by side: radio buttons by another look, with no script to measure them. */
export function Segments<Value extends string>({ label, value, onChange, options, small = false, wide = false }: Props<Value>) {
  const name = useId();
  // What was chosen shows at once, also where the page behind it takes a moment to follow.
  const [chosen, setChosen] = useState(value);
  const [told, setTold] = useState(value);
  if (value !== told) {
    setTold(value);
    setChosen(value);
  }
  const choose = (next: Value) => {
    setChosen(next);
    onChange(next);
  };
  return (
    <fieldset className={styles.segments} aria-label={label} data-small={small || undefined} data-wide={wide || undefined}>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} value={option.value} checked={option.value === chosen} onChange={() => choose(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
