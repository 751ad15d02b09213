import { parseSeverity } from '../model/severity.ts';
import type { PolicySet } from '../pipeline/run-gate.ts';
import { parseAge, parseSource } from '../policy/file/ages.ts';
import { wrongDay } from '../policy/file/day.ts';
import { findUpwards, policyFile, waiverFile } from '../policy/file/find.ts';
import type { PolicyGiven } from '../policy/file/policy-set.ts';
import { type DataAge, defaultPolicy, type Policy } from '../policy/policy.ts';
import { SluiceError } from '../util/error.ts';
import type { Flag, Flags } from './flags.ts';

/** What sets limits over the policy. */
const limitFlags: readonly Flag[] = [
  {
    name: 'fail-on',
    value: 'SEVERITY|never',
    choices: ['critical', 'high', 'medium', 'low', 'negligible', 'never'],
    doc: 'stop at critical, high (the default), medium, low or negligible; never takes the stops away',
  },
  {
    name: 'data-age',
    value: 'AGES',
    multiple: true,
    doc: 'WARN:UNDECIDED, above which age of the data to warn and to be undecided, by default 48h:120h; of one source as in Debian=12h:2d or KEV=3d:never; may be repeated',
  },
];

/** What a policy is told by. */
export const policyFlags: readonly Flag[] = [
  {
    name: 'policy',
    value: 'FILE|PACK',
    doc: 'the policy, by default sluice.yaml in the working folder or above; default is the pack without any',
  },
  {
    name: 'waivers',
    value: 'FILE',
    multiple: true,
    doc: 'what may pass until a day, by default sluice.waivers.yaml beside the policy; may be repeated',
  },
  { name: 'environment', value: 'NAME', doc: 'where the image is to run: mappings and rules of the policy can ask' },
  ...limitFlags,
  { name: 'at', value: 'DATE', doc: 'judge as of that day, such as 2026-01-31: what will be in force then' },
];

export type { PolicySet };

/** Where policies and what is kept of them are. */
export interface PolicyFolders {
  readonly cacheDir: string;
  /** Stands for sluice itself: what another one made of a policy is not believed. */
  readonly build: string;
  /** Where the search for `sluice.yaml` begins; absent: the working folder. */
  readonly folder?: string;
}

/**
 * The policy and the waivers that flags and files ask for. A policy that can't be read is no pass.
 * @throws SluiceError `usage/...`, `policy/...`, `waivers/...`
 */
export async function policySetOf(given: Flags, folders: PolicyFolders): Promise<PolicySet> {
  const asked = givenOf(given, folders);
  const at = atOf(given.text('at'));
  const judgedAt = at ? { at } : {};
  if (!hasFiles(asked)) {
    const policy = policyOf(given);
    return { choose: () => policy, mapped: false, ...judgedAt };
  }
  // A scan without a policy file loads nothing of this.
  const { readPolicySet } = await import('../policy/file/policy-set.ts');
  const { packs } = await import('../policy/packs.gen.ts');
  const { DocumentCache } = await import('../policy/file/document-cache.ts');
  const cache = new DocumentCache(folders.cacheDir, folders.build);
  const { choose, mapped, waiverFiles, files } = await readPolicySet(asked, { packs, cache });
  const policies = { choose, mapped, ...(files.length > 0 ? { files } : {}), ...judgedAt };
  if (waiverFiles.length === 0) return policies;
  const { readWaivers } = await import('../policy/waiver/read.ts');
  return { ...policies, waivers: readWaivers(waiverFiles, { now: new Date() }) };
}

/** What the flags say to policy files. @throws SluiceError `usage/...` */
function givenOf(given: Flags, { folder }: Pick<PolicyFolders, 'folder'>): PolicyGiven {
  const failOn = given.text('fail-on');
  return {
    policy: given.text('policy'),
    waivers: given.list('waivers').flatMap((text) => text.split(',')),
    folder: folder ?? workingFolder(),
    environment: environmentOf(given.text('environment')),
    failOn: failOn === undefined ? undefined : failOnOf(failOn),
    dataAges: givenAges(given.list('data-age')),
  };
}

/** Whether any file is named or found: without one, the default pack is all there is. */
function hasFiles({ policy, waivers, folder }: PolicyGiven): boolean {
  if (policy !== undefined || waivers.length > 0) return true;
  if (folder === undefined) return false;
  return findUpwards(folder, policyFile) !== undefined || findUpwards(folder, waiverFile) !== undefined;
}

/** A working folder that was deleted has no name. */
export function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

function environmentOf(text: string | undefined): string {
  if (text === undefined || /^[\w.-]{1,100}$/.test(text)) return text ?? '';
  throw new SluiceError('usage/environment', `--environment takes a name, not ${text}`, 'such as production');
}

/** The moment that `--at` names: a day begins at midnight UTC. @throws SluiceError `usage/at` */
export function atOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const day = /^(\d{4}-\d{2}-\d{2})(T[\d:.]{5,12}Z)?$/.exec(text)?.[1];
  const wrong = wrongDay(day ?? text);
  const date = new Date(text);
  if (wrong === undefined && !Number.isNaN(date.getTime())) return date;
  throw new SluiceError('usage/at', `--at: ${wrong?.wrong ?? `${text} is no time`}`, wrong?.hint);
}

/** The policy that the flags ask for, on top of the default one. @throws SluiceError `usage/fail-on`, `usage/data-age` */
export function policyOf(given: Flags): Policy {
  const ages = new Map([...defaultPolicy.dataAges.bySource, ...givenAges(given.list('data-age'))]);
  const all = ages.get('default') ?? defaultPolicy.dataAges.default;
  ages.delete('default');
  return { failOn: failOnOf(given.text('fail-on')), dataAges: { default: all, bySource: ages } };
}

function failOnOf(text: string | undefined): Policy['failOn'] {
  if (text === undefined) return defaultPolicy.failOn;
  if (text.toLowerCase() === 'never') return 'never';
  const severity = parseSeverity(text);
  if (severity && severity !== 'unknown') return severity;
  throw new SluiceError(
    'usage/fail-on',
    `--fail-on takes a severity or never, not ${text}`,
    'critical, high, medium, low, negligible or never',
  );
}

/** Each text may hold several, separated by commas: the environment can name the flag only once. The last word counts. */
function givenAges(texts: readonly string[]): ReadonlyMap<string, DataAge> {
  const ages = new Map<string, DataAge>();
  for (const text of texts.flatMap((one) => one.split(',')).map((one) => one.trim())) {
    const equals = text.indexOf('=');
    const age = parseAge(text.slice(equals + 1));
    if ('wrong' in age) {
      const hint = age.hint && 'such as 48h:120h, Debian=12h:2d or KEV=3d:never';
      const what = age.hint
        ? `takes [SOURCE=]WARN:UNDECIDED, not ${text}`
        : `${text}: it would be undecided before it warns`;
      throw new SluiceError('usage/data-age', `--data-age ${what}`, hint);
    }
    ages.set(equals < 0 ? 'default' : sourceOf(text.slice(0, equals)), age);
  }
  return ages;
}

function sourceOf(text: string): string {
  const source = parseSource(text);
  if (typeof source === 'string') return source;
  throw new SluiceError('usage/data-age', `--data-age knows no source of data ${text.trim()}`, source.hint);
}
