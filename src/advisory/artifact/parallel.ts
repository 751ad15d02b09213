import { Gate } from '../../util/gate.ts';

/**
 * Runs `work` for each item, so many at once; the results are in the order of the items. After a failure no more begins,
 * and it is told when all that had begun has ended: nothing is still being written then.
 */
export async function eachOf<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const gate = new Gate(width);
  let failed = false;
  const one = async (item: T): Promise<R | undefined> => {
    if (failed) return undefined;
    try {
      return await work(item);
    } catch (thrown) {
      failed = true;
      throw thrown;
    }
  };
  const settled = await Promise.allSettled(items.map((item) => gate.run(() => one(item))));
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    // Only beside a failure, which is thrown, is there an item without a result.
    return result.value as R;
  });
}
