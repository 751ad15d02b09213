import type { Evidence } from '../../model/evidence.ts';
import type { Verdict } from '../../model/verdict.ts';
import { notificationsFor } from '../sarif/notifications.ts';
import { count } from '../text-fix.ts';
import { plainText } from './text.ts';

/** A word to whoever runs the scan (schemas 15, `scan.messages`). `fatal`: what is not in the report may be there all the same. */
export interface Message {
  readonly level: 'info' | 'warn' | 'fatal';
  readonly value: string;
  /** What it is about: the code of a problem, a rule. */
  readonly code: string;
  /** The file that it is about. */
  readonly path?: string;
}

/** Most messages of a report. Those that make it a failure come first. */
const messagesTold = 200;

/** Longest message, in characters. */
const longestMessage = 2000;

const levels = { error: 'fatal', warning: 'warn', note: 'info' } as const;
const rank = { fatal: 0, warn: 1, info: 2 };

/** What could not be seen or decided, what was not looked for, and what the gate says, the gravest first. */
export function messagesFor(evidence: Evidence, verdict: Verdict, own: readonly Message[] = []): Message[] {
  const problems = evidence.problems.map(({ code, message, path, layer, blinding }): Message => {
    const where = path === undefined ? '' : `${path}: `;
    const value = `${where}${message}${layer === undefined ? '' : ` (layer ${layer})`}`;
    return { level: blinding ? 'fatal' : 'warn', value, code, ...(path === undefined ? {} : { path }) };
  });
  const codes = new Set<string>(evidence.problems.map(({ code }) => code));
  const notes = notificationsFor({ ...evidence, problems: [] }, verdict)
    .filter(({ descriptor }) => !codes.has(descriptor.id))
    .map(({ descriptor, level, message }): Message => {
      return { level: levels[level], value: message.text, code: descriptor.id };
    });
  const told = [...own, ...problems, ...notes, ...verdictMessages(verdict, [...problems, ...notes])];
  const sorted = told.sort((a, b) => rank[a.level] - rank[b.level]);
  const more = sorted.length - messagesTold;
  const kept = sorted.slice(0, messagesTold).map((one) => ({ ...one, value: messageText(one) }));
  if (more <= 0) return kept;
  return [...kept, { level: 'info', value: `and ${count(more, 'more message')}; -o json has all`, code: 'report/cut' }];
}

/** Whether the report must not be taken for a whole one. */
export function isFailure(messages: readonly Message[]): boolean {
  return messages.some(({ level }) => level === 'fatal');
}

/** The decision and its reasons. An undecided gate is always told, whatever else is. */
function verdictMessages({ decision, reasons }: Verdict, told: readonly Message[]): Message[] {
  const codes = new Set(told.map(({ code }) => code));
  const messages = reasons.flatMap((reason): Message[] => {
    if (reason.decision === 'track' || codes.has(reason.rule)) return [];
    const action = reason.action === undefined ? '' : `; ${reason.action}`;
    const level = reason.decision === 'undecided' ? 'fatal' : 'info';
    return [{ level, value: `the gate says ${reason.decision}: ${reason.message}${action}`, code: reason.rule }];
  });
  if (decision !== 'undecided' || isFailure([...told, ...messages])) return messages;
  return [...messages, { level: 'fatal', value: 'the gate could not decide', code: 'gate/undecided' }];
}

function messageText({ value, code }: Message): string {
  return plainText(`${code}: ${value}`, longestMessage);
}
