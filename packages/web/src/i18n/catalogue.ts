export const LANGUAGES = { en: "English", hi: "हिन्दी" } as const;
export type Language = keyof typeof LANGUAGES;

/** The same sentences in another language: the same keys, and functions of the same arguments. */
type Translated<M> = {
  readonly [K in keyof M]: M[K] extends string
    ? string
    : M[K] extends (...given: infer A) => string
      ? (...given: A) => string
      : Translated<M[K]>;
};

export type Catalogue<M> = Readonly<Record<Language, Translated<M>>>;

/** A page's sentences. English decides what there is; a sentence that a translation lacks does not compile. */
export const defineCatalogue = <const M>(en: M, hi: Translated<M>): Catalogue<M> => ({ en: en as Translated<M>, hi });
