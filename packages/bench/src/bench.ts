/** What every part is given. */
export interface Bench {
  /** Smaller samples, for a look in under a minute. */
  readonly quick: boolean;
  /** Whatever a part starts or writes is put here, so that Ctrl-C ends and removes it too. */
  readonly resources: AsyncDisposableStack;
  /** Says what a long part is doing, in one line that the next one overwrites. */
  readonly progress: (line: string) => void;
}

/** Runs a task with resources of its own, which are released at its end or, before that, by Ctrl-C. */
export async function withResources<T>({ resources }: Bench, task: (own: AsyncDisposableStack) => Promise<T>): Promise<T> {
  const own = resources.use(new AsyncDisposableStack());
  try {
    return await task(own);
  } finally {
    await own.disposeAsync();
  }
}
