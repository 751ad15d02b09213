import { hash } from 'node:crypto';
import { type LookKind, lookKinds } from '../model/placed-finding.ts';
import type { Look } from '../pipeline/options.ts';
import { readInput } from '../policy/file/input.ts';
import { SluiceError } from '../util/error.ts';
import { nearest } from '../util/nearest.ts';
import type { Flag, Flags } from './flags.ts';

/** Largest Dockerfile that is read, in bytes. */
const dockerfileLimit = 4 * 1024 * 1024;

/** Set by what looks for the Dockerfile itself, and no flag: one that turns out to be another image's is let be. */
export const assumedDockerfile = 'dockerfile-assumed';

/** What whoever gives --show-secrets is told. */
export const secretsAreShown = 'secrets are shown as they are: keep what is written where nobody else reads it';

/** Flags on what is looked for beside packages. */
export const lookFlags: readonly Flag[] = [
  {
    name: 'scanners',
    value: 'LIST',
    choices: lookKinds,
    doc: `what is looked for, of ${lookKinds.join(', ')}; by default all of it`,
  },
  {
    name: 'rules',
    value: 'FILE',
    multiple: true,
    doc: "more rules: secrets in gitleaks' form (TOML), or on configuration (YAML); may be repeated",
  },
  {
    name: 'show-secrets',
    doc: 'show secrets as they are, in the table, JSON and SARIF; nothing of such a scan is kept',
  },
  { name: 'dockerfile', value: 'FILE', doc: 'the Dockerfile of the image: findings name the line that made them' },
  { name: 'import', value: 'FILE', multiple: true, doc: "other tools' findings (SARIF 2.1.0); may be repeated" },
];

/** What the flags ask to look for. @throws SluiceError `usage/scanners`, `rules/...`, `sarif/...`, `dockerfile/...` */
export async function lookOf(given: Flags, warn: (message: string) => void): Promise<Look> {
  const kinds = kindsOf(given.text('scanners'));
  const showSecrets = given.on('show-secrets');
  if (showSecrets) warn(secretsAreShown);
  const dockerfile = given.text('dockerfile');
  const look: Omit<Look, 'digest'> = {
    kinds,
    ...(showSecrets ? { showSecrets } : {}),
    ...(dockerfile === undefined ? {} : { dockerfile: readDockerfile(dockerfile, given.on(assumedDockerfile)) }),
    ...(await rulesIn(given.list('rules'))),
    ...(await importedFrom(given.list('import'))),
  };
  return { ...look, digest: digestOf(look) };
}

/** @throws SluiceError `usage/scanners` */
function kindsOf(list: string | undefined): readonly LookKind[] {
  if (list === undefined) return lookKinds;
  const named = list.split(',').map((word) => word.trim());
  for (const word of named) {
    if ((lookKinds as readonly string[]).includes(word)) continue;
    const close = nearest(word, lookKinds);
    const hint = close === undefined ? `they are ${lookKinds.join(', ')}` : `did you mean ${close}?`;
    throw new SluiceError('usage/scanners', `there is no scanner ${JSON.stringify(word)}`, hint);
  }
  return lookKinds.filter((kind) => named.includes(kind));
}

/** What reads rules is loaded for those who have some. @throws SluiceError `rules/...` */
async function rulesIn(paths: readonly string[]): Promise<Pick<Look, 'secretRules' | 'configurationRules'>> {
  if (paths.length === 0) return {};
  const { givenRules } = await import('./rules/given.ts');
  return givenRules(paths);
}

/** @throws SluiceError `file/...`, `sarif/...` */
async function importedFrom(paths: readonly string[]): Promise<Pick<Look, 'imported'>> {
  if (paths.length === 0) return {};
  const { importSarif } = await import('../pipeline/import-sarif.ts');
  return { imported: importSarif(paths) };
}

/** @throws SluiceError `dockerfile/unreadable` */
function readDockerfile(path: string, assumed: boolean): NonNullable<Look['dockerfile']> {
  const read = readInput(path, dockerfileLimit);
  if (typeof read === 'string') throw new SluiceError('dockerfile/unreadable', `the Dockerfile ${path} ${read}`);
  return { path, bytes: read.bytes, ...(assumed ? { assumed } : {}) };
}

/** Stands for all that findings depend on. */
function digestOf({
  kinds,
  secretRules,
  configurationRules,
  showSecrets,
  dockerfile,
  imported,
}: Omit<Look, 'digest'>): string {
  const said = [
    kinds,
    secretRules?.map(({ digest }) => digest),
    configurationRules,
    showSecrets,
    dockerfile && [dockerfile.path, hash('sha256', dockerfile.bytes), dockerfile.assumed],
    imported,
  ];
  return hash('sha256', JSON.stringify(said));
}
