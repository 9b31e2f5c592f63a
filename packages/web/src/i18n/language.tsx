import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { type Catalogue, LANGUAGES, type Language } from "./catalogue.ts";

const STORED = "aira.language";

interface Speech {
  readonly language: Language;
  /** For `Intl`: how this person writes numbers and dates in this language, best first. */
  readonly locales: readonly string[];
  readonly speak: (language: Language) => void;
}

const SpeechContext = createContext<Speech>({ language: "en", locales: ["en"], speak: () => {} });

const isLanguage = (value: string | null | undefined): value is Language => value != null && Object.hasOwn(LANGUAGES, value);

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (isLanguage(stored)) return stored;
  const wanted = navigator.languages.map((locale) => locale.split("-")[0]).find(isLanguage);
  return wanted ?? "en";
}

const FALLBACK = { en: "en", hi: "hi-IN" } as const;

const localesOf = (language: Language): string[] => [
  ...navigator.languages.filter((locale) => locale === language || locale.startsWith(`${language}-`)),
  FALLBACK[language],
];

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speech = useMemo<Speech>(
    () => ({
      language,
      locales: localesOf(language),
      speak: (next) => {
        localStorage.setItem(STORED, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export const useSpeech = (): Speech => use(SpeechContext);

/** A page's sentences in the language of the moment. */
export const useMessages = <M,>(catalogue: Catalogue<M>): Catalogue<M>[Language] => catalogue[useSpeech().language];
