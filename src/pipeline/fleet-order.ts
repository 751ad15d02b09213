/** How much is done side by side. */
export interface Lanes {
  /** Most items in work at once. */
  readonly atOnce: number;
  /** Most items that may have been begun and not taken: it bounds what waits behind a slow one. */
  readonly ahead: number;
}

/**
 * Works on items side by side and takes the results one by one in the order of the items, so that what is made of them
 * does not depend on which was ready first. When work or taking throws, no further item is begun.
 */
export async function inOrder<T, R>(
  items: readonly T[],
  { atOnce, ahead }: Lanes,
  work: (item: T) => Promise<R>,
  take: (result: R) => void,
): Promise<void> {
  const ready = new Map<number, { readonly result: R }>();
  const waiting: (() => void)[] = [];
  let begun = 0;
  let taken = 0;
  let failed = false;
  const takeReady = (): void => {
    for (let next = ready.get(taken); next; next = ready.get(taken)) {
      ready.delete(taken++);
      take(next.result);
    }
    for (const wake of waiting.splice(0)) wake();
  };
  const lane = async (): Promise<void> => {
    while (begun < items.length && !failed) {
      if (begun - taken >= ahead) {
        await new Promise<void>((wake) => waiting.push(wake));
        continue;
      }
      const number = begun++;
      try {
        ready.set(number, { result: await work(items[number] as T) });
        takeReady();
      } catch (thrown) {
        failed = true;
        for (const wake of waiting.splice(0)) wake();
        throw thrown;
      }
    }
  };
  const lanes = Array.from({ length: Math.max(1, Math.min(atOnce, items.length)) }, lane);
  // All are waited for, so that nothing is still written after the first failure was told.
  const results = await Promise.allSettled(lanes);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
