/** Something that a test made and that has to go again. */
type CleanUp = () => void | Promise<void>;

const perTest: CleanUp[] = [];
const perFile: CleanUp[] = [];

/**
 * Has something done when the test that runs has ended. What several files of tests import registers no hook of its own:
 * it is loaded once for all files of a worker, and the hook would be the first one's alone.
 */
export function afterTest(done: CleanUp): void {
  perTest.push(done);
}

/** As {@link afterTest}, when all tests of the file have ended. */
export function afterFile(done: CleanUp): void {
  perFile.push(done);
}

/** Does all that {@link afterTest} was told. */
export const cleanUpTest = (): Promise<void> => doAll(perTest);

/** Does all that {@link afterFile} was told. */
export const cleanUpFile = (): Promise<void> => doAll(perFile);

async function doAll(waiting: CleanUp[]): Promise<void> {
  await Promise.all(waiting.splice(0).map((done) => done()));
}
