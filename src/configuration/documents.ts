import type { ConfigurationText, Include, Settings } from '../format/settings/contract.ts';
import { readSettings } from '../format/settings/read.ts';
import { type Problem, warning } from '../model/problem.ts';
import { DocumentView } from '../policy/subject/document.ts';
import { compareText } from '../util/compare-text.ts';
import { messageOf } from '../util/error.ts';
import { compileGlob } from '../util/glob.ts';
import type { ConfigurationRule } from './contract.ts';
import type { DocumentText } from './inputs.ts';

/** Most documents that one target's rules are asked of. */
const mostDocuments = 2000;

/** The documents of a target, read. */
export interface ReadDocuments {
  /** Those that a rule asks for, by path. */
  of(rule: ConfigurationRule): readonly DocumentView[];
}

/** Reads the documents that rules ask for, each once a format. Of what can't be read, `onProblem` is told. */
export async function readDocuments(
  rules: readonly ConfigurationRule[],
  texts: readonly DocumentText[],
  onProblem: (problem: Problem) => void,
): Promise<ReadDocuments> {
  const sorted = [...texts].sort((a, b) => compareText(a.path, b.path));
  if (sorted.length > mostDocuments)
    onProblem(
      warning('rules/documents', `only ${mostDocuments} of ${sorted.length} configuration files are looked at`),
    );
  const looked = sorted.slice(0, mostDocuments);
  const include = includeFrom(looked);
  const views = new Map<string, DocumentView | undefined>();
  const byRule = new Map<ConfigurationRule, readonly DocumentView[]>();
  for (const rule of rules) {
    const { documents } = rule;
    if (!documents) continue;
    const matchers = documents.paths.map((glob) => compileGlob(glob));
    const found: DocumentView[] = [];
    for (const one of looked) {
      if (!matchers.some((matches) => matches(one.path))) continue;
      const key = `${documents.format}\0${one.path}`;
      if (!views.has(key)) views.set(key, await viewOf(one, documents.format, include, onProblem));
      const view = views.get(key);
      if (view) found.push(view);
    }
    byRule.set(rule, found);
  }
  return { of: (rule) => byRule.get(rule) ?? [] };
}

async function viewOf(
  one: DocumentText,
  format: NonNullable<ConfigurationRule['documents']>['format'],
  include: Include,
  onProblem: (problem: Problem) => void,
): Promise<DocumentView | undefined> {
  const read = await readOne(one, format, include);
  if (typeof read === 'string') {
    onProblem(warning('rules/document', `this configuration file can't be read as ${format}: ${read}`, one.path));
    return undefined;
  }
  if (read.lack !== undefined)
    onProblem(warning('rules/document', `this configuration file is not read to its end: ${read.lack}`, one.path));
  return new DocumentView(one, format, read.effective, read.all);
}

async function readOne(
  one: DocumentText,
  format: NonNullable<ConfigurationRule['documents']>['format'],
  include: Include,
): Promise<Settings | string> {
  try {
    return await readSettings(format, one, include);
  } catch (thrown) {
    return (messageOf(thrown).split('\n', 1)[0] ?? '').slice(0, 200);
  }
}

/** Finds files that others include among those that were kept. */
function includeFrom(texts: readonly ConfigurationText[]): Include {
  const byPath = new Map(texts.map((one) => [one.path, one]));
  return (pattern) => {
    const exact = byPath.get(pattern);
    if (exact) return [exact];
    if (!/[*?[{]/.test(pattern)) return [];
    try {
      const matches = compileGlob(pattern);
      return texts.filter(({ path }) => matches(path));
    } catch {
      return [];
    }
  };
}
