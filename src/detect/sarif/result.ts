import { createHash } from 'node:crypto';
import type { Place, PlacedFinding } from '../../model/placed-finding.ts';
import type { Severity } from '../../model/severity.ts';
import { asArray, asRecord, asString } from '../../util/json.ts';
import { placesOf } from './place.ts';
import { line, linkOf, scoreOf, type ToolRule, textOf } from './rules.ts';

/** The tool that a run is of, with its rules as far as they were read. */
export interface Tool {
  /** Name and version. */
  readonly name: string;
  readonly byId: ReadonlyMap<string, ToolRule>;
  readonly byIndex: readonly (ToolRule | undefined)[];
}

/** The members of a result that are looked at. */
export const resultKeys: ReadonlySet<string> = new Set([
  ...['ruleId', 'ruleIndex', 'rule', 'kind', 'level', 'message', 'locations', 'fixes', 'suppressions', 'baselineState'],
  ...['partialFingerprints', 'fingerprints', 'properties', 'hostedViewerUri'],
]);

/** Kinds of result that say that something is wrong, or may be (SARIF 2.1.0 §3.27.9). */
const kinds = new Set(['fail', 'open', 'review', 'informational']);

/** Most arguments of one message. */
const mostArguments = 20;

/**
 * A result (SARIF 2.1.0 §3.27) as a finding; undefined for what is none: passed, not applicable, gone since the baseline, or
 * suppressed where the tool was run. The fingerprint is the tool's own where it has one.
 */
export function readResult(result: Result, tool: Tool): PlacedFinding | undefined {
  if (!isFinding(result)) return undefined;
  const rule = ruleOf(result, tool);
  const id = rule?.id ?? line(asString(result.ruleId) ?? asString(asRecord(result.rule)?.id) ?? '', 200);
  if (id === '') return undefined;
  const [place = { in: 'configuration', name: id } as Place, ...also] = placesOf(result.locations);
  const message = line(messageOf(result.message, rule), 500) || (rule?.title ?? id);
  const [fixed] = asArray(result.fixes) ?? [];
  const fix = line(textOf(asRecord(fixed)?.description), 300);
  const link = rule?.link ?? linkOf(result.hostedViewerUri);
  return {
    kind: 'external',
    id,
    aliases: [],
    severity: severityOf(result, rule),
    title: rule?.title ?? id,
    message,
    why: rule?.why ?? message,
    fix: fix === '' ? `Do what ${tool.name} advises for ${id}.` : fix,
    links: link === undefined ? [] : [link],
    controls: rule?.controls ?? [],
    place,
    ...(also.length === 0 ? {} : { also }),
    fingerprint: fingerprintOf(result, tool.name, id, place, message),
    tool: tool.name,
  };
}

/** The same finding's fingerprint where others before it have the same one. */
export function nthFingerprint(fingerprint: string, nth: number): string {
  return digest([fingerprint, String(nth)]);
}

type Result = Readonly<Record<string, unknown>>;

function isFinding({ kind, baselineState, suppressions }: Result): boolean {
  if (kind !== undefined && !kinds.has(asString(kind) ?? '')) return false;
  if (baselineState === 'absent') return false;
  const given = asArray(suppressions) ?? [];
  return given.length === 0 || given.some((one) => (asString(asRecord(one)?.status) ?? 'accepted') !== 'accepted');
}

/** By its number, by its name, or by the name of what it is a part of: `CA1000/1` is of `CA1000`. */
function ruleOf(result: Result, { byId, byIndex }: Tool): ToolRule | undefined {
  const named = asRecord(result.rule);
  const stated = asString(result.ruleId) ?? asString(named?.id);
  const id = stated === undefined ? undefined : line(stated, 200);
  const index = result.ruleIndex ?? named?.index;
  const indexed = typeof index === 'number' ? byIndex[index] : undefined;
  if (id === undefined) return indexed;
  if (indexed && (indexed.id === id || id.startsWith(`${indexed.id}/`))) return { ...indexed, id };
  const slash = id.lastIndexOf('/');
  const found = byId.get(id) ?? (slash > 0 ? byId.get(id.slice(0, slash)) : undefined);
  return found && { ...found, id };
}

function messageOf(message: unknown, rule: ToolRule | undefined): string {
  const said = asRecord(message);
  const text = textOf(message) || (rule?.messages.get(asString(said?.id) ?? '') ?? '');
  const given = (asArray(said?.arguments) ?? []).slice(0, mostArguments).map((one) => asString(one) ?? '');
  return given.length === 0 ? text : text.replace(/\{(\d{1,2})\}/g, (written, at) => given[Number(at)] ?? written);
}

function severityOf(result: Result, rule: ToolRule | undefined): Severity {
  const score = scoreOf(result.properties) ?? rule?.score;
  if (score !== undefined && score > 0) {
    return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
  }
  if (result.kind === 'informational') return 'negligible';
  const level = asString(result.level) ?? rule?.level ?? 'warning';
  return level === 'error' ? 'high' : level === 'warning' ? 'medium' : level === 'note' ? 'low' : 'negligible';
}

function fingerprintOf(result: Result, tool: string, id: string, place: Place, message: string): string {
  const given = { ...asRecord(result.partialFingerprints), ...asRecord(result.fingerprints) };
  const prints = Object.entries(given)
    .filter(([, print]) => typeof print === 'string')
    .slice(0, 10)
    .map(([name, print]) => `${name}=${String(print).slice(0, 500)}`)
    .sort();
  const product = tool.split(' ')[0] ?? '';
  // Without one of the tool's, what moves with every change of the file is left out: the line, and numbers in the words.
  const own = prints.length > 0 ? prints : [message.replace(/\d+/g, '#')];
  return digest([product, id, place.path ?? place.name ?? '', ...own]);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
