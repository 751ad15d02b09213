import { asArray, asRecord, asString } from '../../util/json.ts';

/** What a tool says of one of its rules (SARIF 2.1.0 §3.49), as far as findings need it. */
export interface ToolRule {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly link?: string;
  /** `error`, `warning`, `note` or `none`. */
  readonly level?: string;
  /** CVSS-like score that code scanning goes by, from 0 to 10. */
  readonly score?: number;
  /** `CWE-79`, sorted. */
  readonly controls: readonly string[];
  /** Texts of messages by their id. */
  readonly messages: ReadonlyMap<string, string>;
}

/** Most messages of one rule. */
const mostMessages = 100;
/** Most tags of one rule. */
const mostTags = 100;

/** Reads a rule; undefined when it is none. */
export function readRule(value: unknown): ToolRule | undefined {
  const rule = asRecord(value);
  const id = asString(rule?.id);
  if (!rule || id === undefined || id === '') return undefined;
  const short = textOf(rule.shortDescription);
  const full = textOf(rule.fullDescription);
  const link = linkOf(rule.helpUri);
  const level = asString(asRecord(rule.defaultConfiguration)?.level);
  const score = scoreOf(rule.properties);
  return {
    id: line(id, 200),
    title: line(short || asString(rule.name) || full || id, 200),
    why: line(full || short || asString(rule.name) || id, 300),
    ...(link === undefined ? {} : { link }),
    ...(level === undefined ? {} : { level }),
    ...(score === undefined ? {} : { score }),
    controls: controlsOf(rule.properties),
    messages: messagesOf(rule.messageStrings),
  };
}

/** The score in a bag of properties; undefined when there is none. */
export function scoreOf(properties: unknown): number | undefined {
  const written = asRecord(properties)?.['security-severity'];
  const score = typeof written === 'number' ? written : Number.parseFloat(asString(written) ?? '');
  return score >= 0 && score <= 10 ? score : undefined;
}

/** An address that can be shown as a link. */
export function linkOf(value: unknown): string | undefined {
  const link = asString(value);
  return link !== undefined && link.length <= 500 && /^https?:\/\/[!-~]+$/.test(link) ? link : undefined;
}

/** The text of a message (SARIF 2.1.0 §3.11), where it has one. */
export function textOf(value: unknown): string {
  return asString(asRecord(value)?.text)?.trim() ?? '';
}

/** One line of at most so many characters, without what steers a terminal. */
export function line(text: string, most: number): string {
  const one = text
    .slice(0, most * 4)
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ')
    .trim();
  return one.length > most ? `${one.slice(0, most - 1)}…` : one;
}

function controlsOf(properties: unknown): readonly string[] {
  const tags = (asArray(asRecord(properties)?.tags) ?? []).slice(0, mostTags);
  const found = tags.flatMap((tag) => {
    const number = typeof tag === 'string' ? /^(?:external\/cwe\/)?cwe-0*(\d{1,5})(?:\D|$)/i.exec(tag)?.[1] : undefined;
    return number === undefined ? [] : [`CWE-${number}`];
  });
  return [...new Set(found)].sort();
}

function messagesOf(value: unknown): ReadonlyMap<string, string> {
  const entries = Object.entries(asRecord(value) ?? {}).slice(0, mostMessages);
  return new Map(entries.map(([id, message]) => [id, textOf(message)] as const));
}
