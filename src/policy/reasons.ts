import type { Finding } from '../model/finding.ts';
import type { BaseImage } from '../model/image.ts';
import type { BlameQuadrant, Reason, ReasonSubject } from '../model/verdict.ts';
import { describeFindings, describeNames } from './describe.ts';
import type { Group, RuleFailure, RuleResult } from './evaluate.ts';
import type { FindingTable } from './finding-table.ts';
import type { Rule } from './rule.ts';
import { calendarDay } from './subject/days.ts';
import type { ImageView } from './subject/image.ts';
import type { Roster, SubjectName } from './subject/roster.ts';
import { updateText } from './update-text.ts';

/** Most subjects that one reason names: its message counts all of them. */
export const mostSubjects = 1000;

/** What reasons are put in words with. */
export interface Wording {
  /** Those that count. */
  readonly findings: readonly Finding[];
  /** Of the same findings. */
  readonly table: FindingTable;
  readonly base: BaseImage | undefined;
  readonly failOn: string;
  /** Absent without a baseline. */
  quadrantOf?(finding: Finding): BlameQuadrant;
  /** The subjects of a rule that is on something else than findings. */
  rosterOf(rule: Rule): Roster;
}

/** What is said of findings that a quadrant of the blame gate makes milder. */
const brought: Readonly<Record<BlameQuadrant, string>> = {
  'introduced-known': 'brought by this change and known before',
  'introduced-since': 'brought by this change and disclosed since the baseline',
  'inherited-known': 'in the baseline already and known then',
  'inherited-since': 'in the baseline already and disclosed since',
};

/** Wording, with what is put in words already: many rules fire on the same findings. */
interface Words extends Wording {
  /** By the numbers of the findings: those without a day. */
  readonly subjects: Map<number, ReasonSubject>;
}

/** The reasons that rules came to, in the order of the rules. */
export function ruleReasons(results: readonly RuleResult[], given: Wording): Reason[] {
  const wording: Words = { ...given, subjects: new Map() };
  return results.flatMap(({ rule, groups, failure }) => [
    ...groups.map((group) => (rule.on === 'finding' ? findingReason : plainReason)(rule, group, wording)),
    ...(failure === undefined ? [] : [failureReason(rule, failure)]),
  ]);
}

/** A rule that could change no verdict leaves none open. */
function failureReason(rule: Rule, { because, counts }: RuleFailure): Reason {
  const decision = counts ? 'undecided' : 'track';
  return { rule: rule.id, decision, message: `${rule.title}: ${because}`, ...about(rule) };
}

function findingReason(rule: Rule, group: Group, wording: Words): Reason {
  const { findings, table } = wording;
  const { indexes, outcome } = group;
  const { bySeverity, packages } = table.countsOf(indexes);
  const update = table.firstUpdate(indexes, outcome === 'stop');
  const begin = update && `begin with ${update.name} ${update.from}: update to ${update.version}`;
  const action = [begin, rule.fix].filter((text) => text !== undefined).join('; ');
  const reason: Reason = {
    rule: rule.id,
    decision: outcome,
    message: messageOf(rule, group, describeFindings(bySeverity, packages), wording.failOn) + overdue(group, wording),
    ...(action === '' ? {} : { action }),
    ...about(rule),
    look: `sluice explain ${findings[indexes[0] as number]?.id} TARGET`,
    ...(indexes.length > mostSubjects ? { total: indexes.length } : {}),
  };
  return withSubjects(reason, () =>
    indexes.slice(0, mostSubjects).map((index) => findingSubject(index, group, wording)),
  );
}

/**
 * A reason whose subjects are put in words when a report asks for them: for the thousand findings of a known image that is
 * most of what its verdict takes.
 */
function withSubjects(reason: Reason, put: () => readonly ReasonSubject[]): Reason {
  let subjects: readonly ReasonSubject[] | undefined;
  return Object.defineProperty(reason, 'subjects', {
    enumerable: true,
    get: () => (subjects ??= put()),
  });
}

/** What it fired on, as far as reports list it. */
function listed<T>(all: readonly T[], subject: (one: T) => ReasonSubject): Pick<Reason, 'subjects' | 'total'> {
  const subjects = all.slice(0, mostSubjects).map(subject);
  return all.length > mostSubjects ? { subjects, total: all.length } : { subjects };
}

function findingSubject(index: number, { dues }: Group, wording: Words): ReasonSubject {
  let subject = wording.subjects.get(index);
  if (subject === undefined) {
    subject = undatedSubject(index, wording);
    wording.subjects.set(index, subject);
  }
  const due = dues.get(index);
  return due === undefined ? subject : { ...subject, due: calendarDay(due) };
}

function undatedSubject(index: number, { findings, table, base, quadrantOf }: Words): ReasonSubject {
  const finding = findings[index] as Finding;
  const fix = updateText(finding, table.clearingVersion(index), base);
  const blame = quadrantOf?.(finding);
  return {
    id: finding.id,
    package: finding.package,
    ...(fix === undefined ? {} : { fix }),
    ...(blame === undefined ? {} : { blame }),
  };
}

function plainReason(rule: Rule, group: Group, { rosterOf, failOn }: Wording): Reason {
  const roster = rosterOf(rule);
  const names = group.indexes.map((index) => roster.nameOf(index));
  const shown = rule.on === 'image' ? imageWords(rule, roster.views[0]) : names.map((name) => name.shown);
  const [first] = names;
  const action = rule.fix ?? (first && ownFix(first, names.length > 1));
  return {
    rule: rule.id,
    decision: group.outcome,
    message: messageOf(rule, group, describeNames(shown), failOn),
    ...(action === undefined ? {} : { action }),
    ...about(rule),
    ...(first?.fingerprint === undefined ? {} : { look: `sluice explain ${first.id} TARGET` }),
    ...listed(
      group.indexes.map((index, at) => ({ name: names[at] as SubjectName, blame: roster.quadrantOf?.(index) })),
      subjectOf,
    ),
  };
}

/** What ends the first one, of what has a fix of its own. */
function ownFix({ fix, id }: SubjectName, isFirst: boolean): string | undefined {
  return fix === undefined || !isFirst ? fix : `begin with ${id}: ${fix}`;
}

/** What of an image a rule may fire on that is worth a name each. */
const telling = ['secretEnv', 'unservedPorts', 'ports', 'portNumbers', 'volumes'] as const;

/** The items of the one list that the rule reads: what `Ports that nothing serves` is about. */
function imageWords({ when }: Rule, image: object | undefined): string[] {
  const read = telling.filter((field) => when.reads.includes(`image.${field}`));
  const [field] = read;
  return read.length === 1 && field ? ((image as ImageView)[field] as readonly unknown[]).map(String) : [];
}

function subjectOf({ name, blame }: { name: SubjectName; blame: BlameQuadrant | undefined }): ReasonSubject {
  const { id, at, fingerprint, package: purl, fix } = name;
  return {
    id,
    ...(at === undefined ? {} : { at }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(purl === undefined ? {} : { package: purl }),
    ...(fix === undefined ? {} : { fix }),
    ...(blame === undefined ? {} : { blame }),
  };
}

function about({ why, controls, place }: Rule): Partial<Reason> {
  return {
    ...(why === '' ? {} : { why }),
    ...(controls.length === 0 ? {} : { controls }),
    ...(place === undefined ? {} : { place }),
  };
}

/** What the rule says, and why it says it more mildly than it would. */
function messageOf(rule: Rule, group: Group, found: string, failOn: string): string {
  const plain = rule.says ?? (found === '' ? '{title}' : '{title}: {found}');
  // Where the threshold did not decide, nothing is said of it.
  const says = failOn === 'never' || group.cause !== 'rule' ? plain.replace(/[;,][^;,{]*\{failOn\}.*$/, '') : plain;
  const parts = new Map([
    ['title', rule.title],
    ['found', found],
    ['failOn', failOn],
  ]);
  return (
    says.replace(/\{(title|found|failOn)\}/g, (_all, name: string) => parts.get(name) ?? '') + milderBy(rule, group)
  );
}

/** Why what was there before, and was only tracked, counts now. */
function overdue({ outcome, indexes, dues }: Group, { findings, quadrantOf }: Wording): string {
  if (!quadrantOf || outcome === 'track' || dues.size === 0) return '';
  const over = indexes.filter((at) => dues.has(at) && quadrantOf(findings[at] as Finding) === 'inherited-since').length;
  if (over === 0) return '';
  return over === indexes.length ? '; their days of grace are over' : `; of ${over} of them the days of grace are over`;
}

function milderBy({ from, until }: Rule, { cause, outcome, dues }: Group): string {
  if (cause === 'rule') return '';
  if (cause === 'not-yet') return `; the rule comes into force on ${from}`;
  if (cause === 'over') return `; the rule was in force until ${until}`;
  const ends = dues.size === 0 ? '' : ` until ${firstDue(dues)}`;
  const tracked = outcome === 'track' ? `: only tracked${ends}` : '';
  return cause === 'grace' ? `, disclosed lately${tracked}` : `, ${brought[cause]}${tracked}`;
}

function firstDue(dues: ReadonlyMap<number, number>): string {
  const days = new Set(dues.values());
  const first = calendarDay([...days].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY));
  return days.size > 1 ? `${first}, the first of them` : first;
}
