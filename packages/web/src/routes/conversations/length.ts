import { useSpeech } from "../../i18n/language.tsx";

/** How long something lasted, as the person's locale writes it: `3 min 20 sec`. */
export function useLength(): (seconds: number) => string {
  const { locales } = useSpeech();
  const unit = (name: string, value: number) =>
    new Intl.NumberFormat(locales as string[], { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  return (seconds) => {
    const minutes = Math.floor(seconds / 60);
    const rest = seconds % 60;
    return [minutes > 0 && unit("minute", minutes), (rest > 0 || minutes === 0) && unit("second", rest)].filter(Boolean).join(" ");
  };
}
