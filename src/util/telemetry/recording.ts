import { SluiceError } from '../error.ts';
import type { Attributes, AttributeValue, Step } from './step.ts';

/** Most steps of one run that are recorded: an image made of thousands of layers, or a list of thousands of images. */
export const maxSteps = 2000;
/** Longest text of an attribute, in UTF-16 units: names in an image are as long as its maker likes. */
export const maxTextLength = 1024;
/** Most texts in an attribute that is a list. */
const maxListLength = 32;

/** A step as it was recorded. */
export interface RecordedStep {
  readonly name: string;
  /** The number of the step that it is beneath; undefined of the first. */
  readonly parent: number | undefined;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Absent while it goes on. */
  readonly ended?: number;
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  /** What it failed by: `area/what`. */
  readonly error?: string;
}

type Recorded = { -readonly [key in keyof RecordedStep]: RecordedStep[key] };

/** The steps of one run, the first of which is the run itself. */
export class Recording {
  readonly #steps: Recorded[] = [];
  readonly #now: () => number;
  #dropped = 0;
  readonly #unrecorded: Step = {
    step: () => {
      this.#dropped++;
      return this.#unrecorded;
    },
    set: () => {},
    end: () => {},
  };

  /** `now`: milliseconds since 1970, with fractions. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** All steps, each behind the one that it is beneath. */
  get steps(): readonly RecordedStep[] {
    return this.#steps;
  }

  /** How many were too many to be recorded. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Begins the run, which began at `started` where that is known. */
  begin(name: string, attributes: Attributes = {}, started = this.#now()): Step {
    return this.#begin(name, undefined, attributes, started);
  }

  #begin(name: string, parent: number | undefined, attributes: Attributes, started: number): Step {
    if (this.#steps.length >= maxSteps) {
      this.#dropped++;
      return this.#unrecorded;
    }
    const said = new Map<string, AttributeValue>();
    const recorded: Recorded = { name, parent, started, attributes: said };
    const at = this.#steps.push(recorded) - 1;
    say(said, attributes);
    return {
      step: (below, more = {}) => this.#begin(below, at, more, this.#now()),
      set: (more) => say(said, more),
      end: (thrown) => {
        if (recorded.ended !== undefined) return;
        // The clock of a machine may be set back while it runs.
        recorded.ended = Math.max(recorded.started, this.#now());
        if (thrown !== undefined) recorded.error = errorType(thrown);
      },
    };
  }
}

/** What something that was thrown is called: no message, which may hold anything. */
export function errorType(thrown: unknown): string {
  if (thrown instanceof SluiceError) return thrown.code;
  return thrown instanceof Error ? thrown.name : 'Error';
}

function say(said: Map<string, AttributeValue>, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) said.set(name, bounded(value));
}

function bounded(value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return sound(value);
  return typeof value === 'object' ? value.slice(0, maxListLength).map(sound) : value;
}

/** Neither longer than a collector takes nor with half of a character in it, which no UTF-8 has. */
function sound(text: string): string {
  return (text.length > maxTextLength ? `${text.slice(0, maxTextLength - 1)}…` : text).toWellFormed();
}
