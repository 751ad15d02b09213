import type { FileQuery, Wanted } from '../model/collected.ts';
import { concerns, lackOf, needsOf } from '../policy/needs.ts';
import type { Rule } from '../policy/rule.ts';
import type { ConfigurationRule } from './contract.ts';
import type { ConfigurationInputs } from './inputs.ts';

/** What a Dockerfile tells of the image that it makes; nothing is known of what the image will hold. */
const toldByDockerfile = new Set([
  ...['kind', 'user', 'uid', 'root', 'entrypoint', 'cmd', 'workingDir', 'stopSignal', 'healthcheck', 'hasHealthcheck'],
  ...['ports', 'portNumbers', 'volumes', 'env', 'secretEnv', 'labels', 'history', 'environment'],
]);

/** Whether a rule has something to say of a target: of its kind, and of what is known of it. */
export function applies(rule: ConfigurationRule, inputs: ConfigurationInputs): boolean {
  const { evidence, dockerfile } = inputs;
  const { kind } = evidence.target;
  if (rule.targets && !(rule.targets as readonly string[]).includes(kind)) return false;
  if (kind === 'dockerfile' && !rule.targets && !isTold(rule)) return false;
  if (rule.on === 'dockerfile') return dockerfile !== undefined;
  if (rule.on === 'document') return inputs.documents !== undefined && inputs.documents.length > 0;
  const alike = likeRule(rule);
  return concerns(alike, evidence) && lackOf(alike, evidence, undefined) === undefined;
}

/** Whether a Dockerfile tells all of the image that a rule reads. */
function isTold({ when, each }: ConfigurationRule): boolean {
  if (each !== undefined && !toldByDockerfile.has(each)) return false;
  return when.reads.every((read) => {
    const [variable, field = ''] = read.split('.');
    return variable !== 'image' || toldByDockerfile.has(field);
  });
}

/** What rules ask for beyond what every scan finds out; undefined when that is nothing. */
export function wantedBy(rules: readonly ConfigurationRule[]): Wanted | undefined {
  const files = new Map<string, FileQuery>();
  const wanted = { accounts: false, packageFiles: false, certificates: false, baseTag: false };
  for (const rule of rules) {
    const needs = needsOf(likeRule(rule));
    for (const query of needs.files) files.set(query.id, query);
    wanted.accounts ||= needs.accounts;
    wanted.packageFiles ||= needs.packageFiles;
    wanted.certificates ||= needs.certificates;
  }
  const any = files.size > 0 || Object.values(wanted).some(Boolean);
  return any ? { files: [...files.values()], ...wanted } : undefined;
}

const alike = new WeakMap<ConfigurationRule, Rule>();

/** The rule as one of a policy, which asks for the same. */
function likeRule(rule: ConfigurationRule): Rule {
  let made = alike.get(rule);
  if (!made) {
    const on = rule.on === 'document' || rule.on === 'dockerfile' ? 'image' : rule.on;
    made = { ...rule, on, outcome: 'track' };
    alike.set(rule, made);
  }
  return made;
}
