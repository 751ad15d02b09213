import type { ConfigurationRule } from '../../configuration/contract.ts';
import type { SecretRule } from '../../detect/secrets/contract.ts';
import { compareText } from '../../util/compare-text.ts';
import type { Flag, Flags } from '../flags.ts';

/** A rule as it is listed. */
export interface KnownRule {
  readonly kind: 'secret' | 'configuration';
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  /** What it is asked on: `image`, `document` …; of rules for secrets `text`. */
  readonly on: string;
  readonly why: string;
  readonly fix: string;
  readonly aliases: readonly string[];
  readonly controls: readonly string[];
  readonly links: readonly string[];
  /** What it looks at and for: names and texts, one a line. */
  readonly looks: readonly (readonly [string, string])[];
  /** `sluice`, or the file as the user named it. */
  readonly from: string;
}

/** The flag that names files of rules. */
export const rulesFlag: Flag = {
  name: 'rules',
  value: 'FILE',
  multiple: true,
  doc: 'rules of this file as well (YAML or TOML); may be repeated',
};

/** All rules: those that ship with sluice, and those of the files that are given. Sorted by name. @throws SluiceError `rules/...` */
export async function knownRules(given: Flags): Promise<readonly KnownRule[]> {
  const [{ configurationRules }, { secretRules }] = await Promise.all([
    import('../../configuration/rules.gen.ts'),
    import('../../detect/secrets/rules.gen.ts'),
  ]);
  const own = [
    ...configurationRules.map((rule) => configurationRule(rule, 'sluice')),
    ...secretRules.rules.map((rule) => secretRule(rule, 'sluice')),
  ];
  const others = await Promise.all(given.list('rules').map(rulesOf));
  return [...own, ...others.flat()].sort((a, b) => compareText(a.id, b.id) || compareText(a.from, b.from));
}

async function rulesOf(path: string): Promise<readonly KnownRule[]> {
  const { configurationRulesIn, readRulesInput, rulesForm } = await import('../../configuration/file/load-rules.ts');
  const { bytes } = readRulesInput(path);
  if (rulesForm(bytes) === 'yaml')
    return configurationRulesIn(bytes, path).map((rule) => configurationRule(rule, path));
  const { secretRulesIn } = await import('./secret-rules.ts');
  return (await secretRulesIn(bytes, path)).rules.map((rule) => secretRule(rule, path));
}

function configurationRule(rule: ConfigurationRule, from: string): KnownRule {
  const { id, title, severity, on, why, fix, aliases, controls, links, files, documents, each, targets } = rule;
  const looks: (readonly [string, string])[] = [
    ...(files ? [['files', files.paths.join(' ')] as const] : []),
    ...(files?.modes ? [['modes', files.modes.join(' ')] as const] : []),
    ...Object.entries(files?.matches ?? {}).map(([name, text]) => [`text ${name}`, text] as const),
    ...(documents ? [['files', `${documents.paths.join(' ')} (${documents.format})`] as const] : []),
    ...(each === undefined ? [] : [['each', `image.${each}`] as const]),
    ...(targets ? [['targets', targets.join(' ')] as const] : []),
    ['when', rule.when.text],
  ];
  return { kind: 'configuration', id, title, severity, on, why, fix, aliases, controls, links, looks, from };
}

function secretRule(rule: SecretRule, from: string): KnownRule {
  const { id, title, severity, why, fix, links, pattern, path, keywords, entropy, check, tags } = rule;
  const looks: (readonly [string, string])[] = [
    ...(path === undefined ? [] : [['path', path] as const]),
    ...(keywords.length === 0 ? [] : [['keywords', keywords.join(' ')] as const]),
    ...(pattern === undefined ? [] : [['pattern', pattern] as const]),
    ...(entropy === undefined ? [] : [['entropy', `at least ${entropy} bits a character`] as const]),
    ...(check === undefined ? [] : [['check', check] as const]),
    ...(tags.length === 0 ? [] : [['tags', tags.join(' ')] as const]),
  ];
  return { kind: 'secret', id, title, severity, on: 'text', why, fix, aliases: [], controls: [], links, looks, from };
}
