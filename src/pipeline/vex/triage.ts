import { justificationOfCycloneDx } from '../../format/vex/justification.ts';
import type { VexStatus } from '../../model/vex.ts';
import type { VexDecision } from '../../report/vex/openvex.ts';
import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord } from '../../util/json.ts';
import { nearest } from '../../util/nearest.ts';

/** What somebody found out of a flaw: one decision on it. */
export interface Triage extends VexDecision {
  /** Any name of the flaw. */
  readonly id: string;
  /** purls that narrow it to some packages, with or without version and qualifiers; none: all that have the flaw. */
  readonly packages: readonly string[];
}

const statuses: readonly VexStatus[] = ['not_affected', 'affected', 'fixed', 'under_investigation'];

/** The words for why a product is not affected (CISA, "Vulnerability Exploitability eXchange: Status Justifications", 2022). */
export const justifications: readonly string[] = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
];

/** Most entries of a triage file. */
const mostEntries = 10_000;

/** Longest text of a triage file, in characters: they all go into the document. */
const longestText = 10_000;

const keys = ['id', 'package', 'status', 'justification', 'impact', 'action'];

/** A decision as it is asked for, not yet checked. */
export interface AskedDecision {
  readonly status: string | undefined;
  readonly justification: string | undefined;
  readonly impact: string | undefined;
  readonly action: string | undefined;
}

/**
 * Checks a decision by the rules of OpenVEX 0.2.0. `flag` writes a setting as the user gave it.
 * @throws SluiceError `vex/status`, `vex/justification`, `vex/action`
 */
export function decisionOf(asked: AskedDecision, flag: (name: string) => string): VexDecision {
  const { impact, action } = asked;
  const status = statusOf(asked.status, flag);
  const justification = justificationOf(asked.justification);
  if (status === 'not_affected' && justification === undefined && impact === undefined) {
    throw new SluiceError(
      'vex/justification',
      `not_affected needs to say why: ${flag('justification')} or ${flag('impact')}`,
      `the justifications are ${justifications.join(', ')}`,
    );
  }
  if (status !== 'not_affected' && (justification !== undefined || impact !== undefined)) {
    const what = justification === undefined ? flag('impact') : flag('justification');
    throw new SluiceError(
      'vex/justification',
      `${what} says why a product is not_affected: it can't stand with ${status}`,
    );
  }
  if (status === 'affected' && action === undefined) {
    throw new SluiceError('vex/action', `affected needs to say what to do about it: ${flag('action')}`);
  }
  if (status !== 'affected' && action !== undefined) {
    throw new SluiceError(
      'vex/action',
      `${flag('action')} says what to do about affected: it can't stand with ${status}`,
    );
  }
  return {
    status,
    ...(justification === undefined ? {} : { justification }),
    ...(impact === undefined ? {} : { impact }),
    ...(action === undefined ? {} : { action }),
  };
}

function statusOf(text: string | undefined, flag: (name: string) => string): VexStatus {
  const status = statuses.find((one) => one === text);
  if (status !== undefined) return status;
  const hint = hintOf(text, statuses);
  if (text === undefined) throw new SluiceError('vex/status', `there is no ${flag('status')}`, hint);
  throw new SluiceError('vex/status', `there is no status ${text}`, hint);
}

function justificationOf(text: string | undefined): string | undefined {
  if (text === undefined || justifications.includes(text)) return text;
  // CycloneDX has words of its own for the same.
  const same = justificationOfCycloneDx(text) ?? text;
  throw new SluiceError('vex/justification', `there is no justification ${text}`, hintOf(same, justifications));
}

function hintOf(text: string | undefined, words: readonly string[]): string {
  const word = text?.replaceAll('-', '_').toLowerCase();
  const close = word === undefined ? undefined : (nearest(word, words) ?? words.find((one) => one.includes(word)));
  return `${close === undefined ? '' : `did you mean ${close}? `}there are ${words.join(', ')}`;
}

/**
 * Reads a triage file: a JSON list of `{id, package?, status, justification?, impact?, action?}`, where `package` is a
 * purl or a list of them. @throws SluiceError `triage/...`, and those of {@link decisionOf}, with the number of the entry
 */
export function readTriage(value: unknown): Triage[] {
  const entries = asArray(value);
  if (!entries) throw new SluiceError('triage/malformed', 'a triage file is a JSON list of entries', exampleHint);
  if (entries.length === 0) throw new SluiceError('triage/empty', 'the triage file has no entry', exampleHint);
  if (entries.length > mostEntries)
    throw new SluiceError('triage/too-many', `the triage file has more than ${mostEntries} entries`);
  return entries.map((entry, at) => {
    try {
      return triageOf(entry);
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      throw new SluiceError(thrown.code, `entry ${at + 1}: ${thrown.message}`, thrown.hint);
    }
  });
}

const exampleHint =
  'such as [{"id": "CVE-2024-1", "status": "not_affected", "justification": "vulnerable_code_not_present"}]';

function triageOf(value: unknown): Triage {
  const entry = asRecord(value);
  if (!entry) throw new SluiceError('triage/malformed', 'it is not an object', exampleHint);
  for (const key of Object.keys(entry)) {
    if (keys.includes(key)) continue;
    const close = nearest(key, keys);
    const hint = close === undefined ? `there are ${keys.join(', ')}` : `did you mean ${close}?`;
    throw new SluiceError('triage/unknown-key', `there is no key ${key.slice(0, 100)}`, hint);
  }
  const id = textOf(entry, 'id');
  if (id === undefined) throw new SluiceError('triage/malformed', 'it names no flaw: id is missing', exampleHint);
  const packages = Array.isArray(entry.package)
    ? entry.package.map((purl: unknown) => checkedText(purl, 'package'))
    : [textOf(entry, 'package') ?? []].flat();
  const [status, justification, impact, action] = ['status', 'justification', 'impact', 'action'].map((key) =>
    textOf(entry, key),
  );
  return { id, packages, ...decisionOf({ status, justification, impact, action }, (name) => name) };
}

function textOf(entry: Record<string, unknown>, key: string): string | undefined {
  return Object.hasOwn(entry, key) ? checkedText(entry[key], key) : undefined;
}

function checkedText(value: unknown, key: string): string {
  if (typeof value !== 'string' || value.trim() === '')
    throw new SluiceError('triage/malformed', `${key} is not a text, or an empty one`);
  if (value.length > longestText)
    throw new SluiceError('triage/malformed', `${key} is longer than ${longestText} characters`);
  return value;
}
