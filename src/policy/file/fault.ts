import { SluiceError } from '../../util/error.ts';

/** A place in a file: the file as the user named it, line and column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a policy file, and the correction where one is known. */
export interface Fault {
  readonly place: Place;
  readonly message: string;
  readonly hint?: string;
}

/** Most faults that are told of one policy: the rest follows mostly from the first. */
const mostFaults = 200;

/** Collects what is wrong, so that one run tells all of it. */
export class Faults {
  readonly all: Fault[] = [];

  /** Whether nothing more is told. */
  get full(): boolean {
    return this.all.length >= mostFaults;
  }

  add(place: Place, message: string, hint?: string): void {
    if (!this.full) this.all.push({ place, message, ...(hint === undefined ? {} : { hint }) });
  }
}

/** `sluice.yaml:12:9`. */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** A fault as one line, with its place and the correction. */
export function faultLine({ place, message, hint }: Fault): string {
  return `${placeText(place)}: ${message}${hint ? `: ${hint}` : ''}`;
}

/** The first fault as the error that ends a run, which says how many more there are. */
export function faultError(faults: readonly Fault[]): SluiceError {
  const [first] = faults;
  if (first === undefined) return new SluiceError('policy/malformed', 'the policy is malformed');
  const more = faults.length - 1;
  const others = more === 0 ? '' : ` (and ${more} more ${more === 1 ? 'fault' : 'faults'}: see sluice policy check)`;
  return new SluiceError('policy/malformed', `${placeText(first.place)}: ${first.message}${others}`, first.hint);
}
