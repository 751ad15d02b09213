import { digestIn } from '../../model/digest.ts';
import { messageOf, SluiceError } from '../../util/error.ts';
import type { Faults } from '../file/fault.ts';
import { lineIn, recordIn, textsIn } from '../file/shape.ts';
import type { Entry, Value } from '../file/value.ts';
import type { Waiver, WaiverEnd } from './contract.ts';
import { latestExpiry, parseDay } from './days.ts';
import { type Check, checkId, checkImage, checkPackage, checkPath, checkRule } from './selector-checks.ts';

/** What is read, and on which day. */
export interface Reading {
  readonly faults: Faults;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** Most texts of one selector. */
const mostTexts = 1000;

const selectorNames = ['id', 'package', 'path', 'rule'] as const;
const fieldNames = [...selectorNames, 'image', 'reason', 'owner', 'ticket', 'from', 'expires', 'until'];
const eventNames = ['fix', 'exploited', 'epss', 'base'];

type Entries = ReadonlyMap<string, Entry>;

/** One waiver of a file; undefined, and faults, when something is wrong with it. */
export function waiverIn(value: Value, reading: Reading): Waiver | undefined {
  const { faults } = reading;
  const before = faults.all.length;
  const entries = recordIn(value, 'a waiver', fieldNames, 'a waiver', faults)?.entries;
  if (entries === undefined) return undefined;
  if (!selectorNames.some((name) => entries.has(name)))
    faults.add(value.place, 'this waiver does not say what it waives', 'give id, package, path or rule');
  const texts = (name: string, check: Check): string[] => selectorTexts(entries.get(name), name, check, faults);
  const ticket = entries.get('ticket');
  const waiver: Waiver = {
    ids: texts('id', checkId),
    packages: texts('package', checkPackage),
    paths: texts('path', checkPath),
    rules: texts('rule', checkRule),
    images: texts('image', checkImage),
    reason: needed(value, entries, 'reason', 'why this may wait', faults),
    owner: needed(value, entries, 'owner', 'who answers for it', faults),
    ...(ticket === undefined ? {} : { ticket: lineIn(ticket.value, 'ticket', faults) ?? '' }),
    ...periodOf(value, entries, reading),
    until: untilOf(entries.get('until')?.value, faults),
    place: `${value.place.file}:${value.place.line}`,
  };
  return faults.all.length > before ? undefined : waiver;
}

function selectorTexts(entry: Entry | undefined, name: string, check: Check, faults: Faults): string[] {
  if (entry === undefined) return [];
  const values = textsIn(entry.value, name, faults) ?? [];
  if (values.length > mostTexts) faults.add(entry.value.place, `${name} names more than ${mostTexts}`);
  const texts = new Set<string>();
  for (const { text, place } of values.slice(0, mostTexts)) {
    const trimmed = text.trim();
    if (texts.has(trimmed)) faults.add(place, `${name} names ${trimmed.slice(0, 80)} twice`);
    texts.add(trimmed);
    attempt(place, name, faults, () => check(trimmed));
  }
  return [...texts];
}

/** What a check says; undefined, and a fault with its place, when it throws. */
function attempt<T>(place: Value['place'], what: string, faults: Faults, check: () => T): T | undefined {
  try {
    return check();
  } catch (thrown) {
    faults.add(place, `${what}: ${messageOf(thrown)}`, thrown instanceof SluiceError ? thrown.hint : undefined);
    return undefined;
  }
}

function needed(value: Value, entries: Entries, name: string, what: string, faults: Faults): string {
  const entry = entries.get(name);
  if (entry === undefined) {
    faults.add(value.place, `this waiver has no ${name}`, `add ${name}: and say ${what}`);
    return '';
  }
  return lineIn(entry.value, name, faults) ?? '';
}

function periodOf(value: Value, entries: Entries, { faults, today }: Reading): Pick<Waiver, 'from' | 'expires'> {
  const last = latestExpiry(today);
  const begin = entries.get('from');
  const end = entries.get('expires');
  const from = begin && dayIn(begin, 'from', faults);
  const expires = end && dayIn(end, 'expires', faults);
  if (end === undefined)
    faults.add(value.place, 'this waiver never ends', `add expires: and a day, ${last} at the latest`);
  else if (expires !== undefined && expires > last)
    faults.add(end.value.place, `expires: ${expires} is more than two years away`, `${last} at the latest`);
  if (begin && from !== undefined && expires !== undefined && from > expires)
    faults.add(begin.value.place, `from: ${from} is after expires, ${expires}`, 'swap the two, or correct one');
  return { ...(from === undefined ? {} : { from }), expires: expires ?? '' };
}

function dayIn({ value }: Entry, name: string, faults: Faults): string | undefined {
  // 20261231 is a number to YAML, and a day to whoever wrote it.
  const text = value.kind === 'plain' && typeof value.value === 'number' ? value.source : lineIn(value, name, faults);
  return text === undefined ? undefined : attempt(value.place, name, faults, () => parseDay(text));
}

function untilOf(value: Value | undefined, faults: Faults): WaiverEnd {
  const events = value && recordIn(value, 'until', eventNames, 'until', faults)?.entries;
  if (value === undefined || events === undefined) return {};
  if (events.size === 0) faults.add(value.place, 'until names no event', 'leave it out, or say fix: true');
  const epss = events.get('epss');
  const base = events.get('base');
  return {
    ...(isOn(events.get('fix'), 'fix', faults) ? { fixReleased: true } : {}),
    ...(isOn(events.get('exploited'), 'exploited', faults) ? { exploited: true } : {}),
    ...(epss ? { epssAbove: probabilityIn(epss, faults) } : {}),
    ...(base ? { base: baseIn(base, faults) } : {}),
  };
}

function isOn(entry: Entry | undefined, name: string, faults: Faults): boolean {
  if (entry === undefined) return false;
  if (entry.value.kind === 'plain' && entry.value.value === true) return true;
  faults.add(entry.value.place, `${name} is true where it is given`, 'leave it out where it is to end nothing');
  return false;
}

function probabilityIn({ value }: Entry, faults: Faults): number {
  const number = value.kind === 'plain' ? value.value : undefined;
  if (typeof number === 'number' && number >= 0 && number < 1) return number;
  faults.add(value.place, 'epss is a probability from 0 to below 1', 'such as epss: 0.5');
  return 0;
}

function baseIn({ value }: Entry, faults: Faults): string {
  const digest = digestIn(lineIn(value, 'base', faults));
  if (digest === undefined)
    faults.add(value.place, 'base is the digest of the base image', 'sha256: and 64 hexadecimal digits');
  return digest ?? '';
}
