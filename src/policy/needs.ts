import type { FileQuery, Wanted } from '../model/collected.ts';
import type { Evidence } from '../model/evidence.ts';
import type { LookKind } from '../model/placed-finding.ts';
import type { Node } from './expression/node.ts';
import { allParts } from './expression/parts.ts';
import { notLookedFor, partlyLookedFor } from './looked.ts';
import type { Rule } from './rule.ts';
import { changeKinds } from './subject/change-kinds.ts';
import type { SubjectKind } from './subject/contract.ts';
import { setuidQuery } from './subject/setuid-query.ts';

/** Fields of the image that its configuration tells. */
const factFields = new Set([
  ...['user', 'uid', 'root', 'entrypoint', 'cmd', 'workingDir', 'stopSignal', 'healthcheck', 'hasHealthcheck', 'ports'],
  ...['portNumbers', 'unservedPorts', 'volumes', 'env', 'secretEnv', 'labels', 'annotations', 'history', 'created'],
  ...['ageDays', 'size', 'userName', 'userGroups', 'unexposedPorts', 'reproducible'],
]);

/** What a rule needs beyond what every scan finds out. */
export interface Needs extends Wanted {
  /** Whether it goes by the image's configuration. */
  readonly facts: boolean;
  /** Whether it asks what kind of target it is, so that it speaks of those that are no images as well. */
  readonly kinds: boolean;
  /** Whether it goes by digests of packages, which reports of older versions do not tell. */
  readonly digests: boolean;
  /** What must have been looked for; absent: nothing. */
  readonly look?: LookKind;
  /** Whether nothing can be said without the accounts; else they only make it more exact. */
  readonly accountsNeeded: boolean;
}

/** What must have been looked for, by what a rule is asked on. What other tools say is there or was not given. */
const lookOf: ReadonlyMap<SubjectKind, LookKind> = new Map([
  ['finding', 'packages'],
  ['package', 'packages'],
  ['package-file', 'packages'],
  ['secret', 'secrets'],
  ['misconfiguration', 'configuration'],
  ['licence', 'licences'],
]);

/** Subjects that only something with files can have. */
const ofFiles: ReadonlySet<SubjectKind> = new Set(['file', 'package-file', 'account']);

const known = new WeakMap<Rule, Needs>();

/** What a rule needs, told by its expression. */
export function needsOf(rule: Rule): Needs {
  let needs = known.get(rule);
  if (!needs) {
    needs = findNeeds(rule);
    known.set(rule, needs);
  }
  return needs;
}

function findNeeds(rule: Rule): Needs {
  const reads = readsOf(rule.when.node);
  const changes = rule.on === 'change' ? changesIn(rule.when.node, reads) : new Set<string>();
  const accountsNeeded =
    rule.on === 'account' || changes.has('account') || reads.has('image.users') || reads.has('image.groups');
  const named = ['image.uid', 'image.root', 'image.userName', 'image.userGroups', 'file.user', 'file.group'].some(
    (field) => reads.has(field),
  );
  const files: FileQuery[] = [...(rule.files ? [rule.files] : []), ...(changes.has('setuid') ? [setuidQuery] : [])];
  const look = lookOf.get(rule.on);
  return {
    ...(look === undefined ? {} : { look }),
    files,
    accounts: accountsNeeded || named,
    accountsNeeded,
    packageFiles: rule.on === 'package-file',
    certificates: changes.has('certificate'),
    baseTag: ['current', 'outdated', 'checked'].some((field) => reads.has(`image.base.${field}`)),
    facts: rule.on === 'instruction' || [...factFields].some((field) => reads.has(`image.${field}`)),
    kinds: reads.has('image.kind'),
    digests: reads.has('pkg.hashes'),
  };
}

/** Fields that are read from variables: `image.base.outdated` and `image.base`. */
function readsOf(node: Node): Set<string> {
  const reads = new Set<string>();
  for (const part of allParts(node)) {
    const path = pathOf(part);
    if (path !== undefined) reads.add(path);
  }
  return reads;
}

function pathOf(node: Node): string | undefined {
  const names: string[] = [];
  let at = node;
  while (at.op === 'field' || at.op === 'has') {
    names.unshift(at.name);
    at = at.of;
  }
  return at.op === 'var' && names.length > 0 ? [at.name, ...names].join('.') : undefined;
}

/** The kinds of change that a rule names; all where it names none. */
function changesIn(node: Node, reads: ReadonlySet<string>): ReadonlySet<string> {
  const kinds: ReadonlySet<string> = new Set(changeKinds);
  if (!reads.has('change.what')) return kinds;
  const named = [...allParts(node)].flatMap((part) =>
    part.op === 'const' && typeof part.value === 'string' && kinds.has(part.value) ? [part.value] : [],
  );
  return named.length > 0 ? new Set(named) : kinds;
}

/**
 * What a rule asks for and the evidence does not hold, in words; undefined when it holds all of it. Of what can't have
 * something, such as a source tree a configuration, nothing is missing.
 */
export function lackOf(rule: Rule, evidence: Evidence, baseline: Evidence | undefined): string | undefined {
  if (rule.on === 'change' && !baseline) return undefined;
  const unseen = unseenOf(rule, evidence);
  if (unseen !== undefined) return unseen;
  const sides = rule.on === 'change' && baseline ? [evidence, baseline] : [evidence];
  for (const side of sides) {
    const what = lackIn(side, rule);
    if (what === undefined) continue;
    return `${side === evidence ? 'the report' : 'the baseline'} does not hold ${what} that the rule asks for`;
  }
  return undefined;
}

/**
 * What a rule asks for and nobody has looked for. The default pack judges what was looked for: whoever narrows a scan, or
 * keeps reports of older versions, need not be told that there may be more.
 */
function unseenOf(rule: Rule, evidence: Evidence): string | undefined {
  const { look } = needsOf(rule);
  if (look === undefined || rule.pack === 'default') return undefined;
  const what = look === 'configuration' ? 'settings' : look;
  if (notLookedFor(evidence).includes(look)) return `the report does not tell of ${what}: they were not looked for`;
  if (!partlyLookedFor(evidence).includes(look)) return undefined;
  return `the report does not tell of all ${what}: layers were read by their index alone, and --verify reads them`;
}

function lackIn(side: Evidence, rule: Rule): string | undefined {
  const { collected, image, target } = side;
  if (target.kind === 'dockerfile') return undefined;
  const needs = needsOf(rule);
  const isNamed = needs.accounts && rule.on !== 'file' && hasNamedUser(side);
  if (needs.files.some(({ id }) => !collected?.queries.includes(id))) return 'the files';
  if ((needs.accountsNeeded || isNamed) && !collected?.accounts) return 'the accounts';
  if (needs.packageFiles && !collected?.packageFiles) return 'the check of package files';
  if (needs.certificates && !collected?.certificates) return 'the certificates';
  if (target.kind !== 'image' || image) return undefined;
  if (needs.facts) return "the image's configuration";
  return needs.digests ? 'the digests of packages' : undefined;
}

/** Whether a rule can speak of the target: one on the configuration of an image has nothing to say of a source tree. */
export function concerns(rule: Rule, { target, image }: Evidence): boolean {
  if (target.kind === 'dockerfile' && ofFiles.has(rule.on)) return false;
  if (rule.on !== 'image' || target.kind === 'image' || image) return true;
  const needs = needsOf(rule);
  return !needs.facts || needs.kinds;
}

/** Whether the accounts have to say which number the image's user has. */
export function hasNamedUser({ image }: Pick<Evidence, 'image'>): boolean {
  const user = image?.user.split(':')[0] ?? '';
  return user !== '' && user !== 'root' && !/^[+-]?\d+$/.test(user);
}
