/** What is said of a step. */
export type AttributeValue = string | number | boolean | readonly string[];

/** What is said of a step, by name; what is undefined is not said. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** A piece of work that is measured, with steps beneath it. Who does the work knows nothing of who is told. */
export interface Step {
  /** Begins a step beneath this one. */
  step(name: string, attributes?: Attributes): Step;
  /** Says something of the step. */
  set(attributes: Attributes): void;
  /** Ends the step, with what was thrown where it failed. Only the first end counts. */
  end(thrown?: unknown): void;
}

/** Does some work as a step beneath `parent`; where nothing is measured, the work alone. */
export async function inStep<T>(
  parent: Step | undefined,
  name: string,
  work: (step: Step | undefined) => Promise<T> | T,
): Promise<T> {
  if (!parent) return work(undefined);
  const step = parent.step(name);
  try {
    const done = await work(step);
    step.end();
    return done;
  } catch (thrown) {
    step.end(thrown);
    throw thrown;
  }
}
