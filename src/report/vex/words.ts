import type { ExplainedProduct, VexEffect } from '../../match/vex/explain.ts';
import type { VexDocument, VexStatement, VexStatus } from '../../model/vex.ts';
import { harmless } from '../../util/harmless.ts';
import type { Role } from '../table/style.ts';

/** What formats are called. */
export const formatNames: Readonly<Record<VexDocument['format'], string>> = {
  openvex: 'OpenVEX',
  csaf: 'CSAF',
  cyclonedx: 'CycloneDX',
};

/** What a statement does, in a word or two. */
export const effectNames: Readonly<Record<VexEffect, string>> = {
  decides: 'decides',
  overruled: 'overruled',
  'not-believed': 'not believed',
  'no-match': 'no match',
  'already-answered': 'not needed',
};

/** Columns of the longest of {@link effectNames}. */
export const effectColumns = Math.max(...Object.values(effectNames).map((text) => text.length));

/** How the effect of a statement looks: what answers, what holds an answer back, what only stands there. */
export function effectRole({ effect, statement }: Pick<ExplainedProduct, 'effect' | 'statement'>): Role {
  if (effect === 'decides') return answers(statement.status) ? 'pass' : 'warn';
  return effect === 'not-believed' ? 'warn' : 'aside';
}

/** Whether a statement of such a status answers a finding, where it decides. */
export function answers(status: VexStatus): boolean {
  return status === 'not_affected' || status === 'fixed';
}

/** The status and its justification. */
export function statusText({ status, justification }: VexStatement): string {
  return justification === undefined ? status : `${status} (${justification})`;
}

/** The day and minute of a time (RFC 3339), as documents tell it. */
export function dateText(timestamp: string): string {
  return timestamp === '' ? 'at no time that it tells' : timestamp.slice(0, 16).replace('T', ' ');
}

/** Text for people: harmless, and with digests cut to what tells them apart. */
export function shownText(text: string): string {
  return harmless(text.replace(/(sha256(?::|%3A)[0-9a-f]{12})[0-9a-f]{52}/g, '$1…'));
}
