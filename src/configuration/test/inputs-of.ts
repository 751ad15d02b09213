import { documentReader, shownValue } from '../../catalog/collect/values.ts';
import { type Collected, type FileFact, type FileQuery, modeBits } from '../../model/collected.ts';
import type { Digest } from '../../model/digest.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { BaseImage, LayerDescriptor } from '../../model/image.ts';
import { noFacts } from '../../model/image-facts.ts';
import { regularMatcher } from '../../policy/expression/regular.ts';
import { messageOf } from '../../util/error.ts';
import { compileGlob } from '../../util/glob.ts';
import type { ConfigurationRule } from '../contract.ts';
import { readDockerfileInput } from '../dockerfile-input.ts';
import type { ConfigurationInputs, DocumentText } from '../inputs.ts';
import type { GivenFile, TestGiven } from './given.ts';

/** The Dockerfile of a test. */
const dockerfileName = 'Dockerfile';

/** What a test gives, as a scan would have found it out; in words what is wrong when that can't be. */
export async function inputsOf(rule: ConfigurationRule, given: TestGiven): Promise<ConfigurationInputs | string> {
  const now = new Date(`${given.today}T12:00:00Z`);
  if (Number.isNaN(now.getTime())) return `${given.today} is no day`;
  try {
    const around = { now, names: given.name === undefined ? [] : [given.name] };
    const evidence = await evidenceOf(rule, given);
    if (given.dockerfile === undefined) return { ...around, evidence, documents: documentsOf(rule, given) };
    const read = readDockerfileInput(given.dockerfile, dockerfileName);
    const target = { ...evidence.target, kind: 'dockerfile' as const };
    return { ...around, evidence: { ...evidence, target, image: read.image }, dockerfile: read.dockerfile };
  } catch (thrown) {
    return messageOf(thrown);
  }
}

async function evidenceOf(rule: ConfigurationRule, given: TestGiven): Promise<Evidence> {
  const { kind, distribution, endOfLife, base, baseLayers, packages } = given;
  const layers = Array.from({ length: Math.max(1, Math.min(baseLayers, 100)) }, () => layer);
  const known = distribution && {
    ...distribution,
    like: [],
    name: `${distribution.id} ${distribution.version}`.trim(),
  };
  return {
    target: {
      kind,
      layers,
      ...(known ? { distribution: known } : {}),
      ...(endOfLife === undefined ? {} : { release: { endOfLife, source: 'the test' } }),
      ...(base || baseLayers > 0 ? { base: baseOf(base, baseLayers) } : {}),
    },
    judged: ['installed'],
    packages,
    findings: [],
    problems: [],
    sources: [],
    ...(kind === 'image' ? { image: { ...noFacts, ...given.image } } : {}),
    collected: await collectedOf(rule, given),
  };
}

/** Some digest: no test goes by it. */
const zeros = `sha256:${'0'.repeat(64)}` as Digest;
const layer: LayerDescriptor = { diffId: zeros, digest: zeros, size: 0, createdBy: '' };

function baseOf(base: TestGiven['base'], layers: number): BaseImage {
  return {
    layers,
    by: 'flag',
    ...(base?.name ? { name: base.name } : {}),
    ...(base?.digest ? { digest: base.digest as Digest } : {}),
  };
}

async function collectedOf(rule: ConfigurationRule, given: TestGiven): Promise<Collected> {
  const query = rule.files;
  const files: FileFact[] = [];
  for (const file of given.files) {
    if (query && picks(query, file)) files.push(await factOf(query, file));
  }
  return {
    queries: query ? [query.id] : [],
    files,
    accounts: given.accounts,
    packageFiles: given.packageFiles,
    certificates: [],
    baseTag: { reference: given.base?.name ?? '' },
  };
}

/** Whether the rule's query asks for a file, as it is selected in an image. */
function picks({ paths, kinds = ['file'], modes }: FileQuery, file: GivenFile): boolean {
  if (!kinds.includes(file.kind)) return false;
  const bits = file.more.has('capabilities') ? file.mode | modeBits.capable : file.mode;
  if (modes && !modes.some((mode) => (bits & modeBits[mode]) !== 0)) return false;
  return paths.some((glob) => compileGlob(glob)(file.path));
}

async function factOf(query: FileQuery, file: GivenFile): Promise<FileFact> {
  const { content = '', more, ...plain } = file;
  const found = Object.entries(query.matches ?? {}).filter(([, regular]) => regularMatcher(regular)(content));
  const values: Record<string, string> = {};
  for (const [name, { format, at }] of Object.entries(query.values ?? {})) {
    const value = shownValue((await documentReader(format))(Buffer.from(content)), at);
    if (value !== undefined) values[name] = value;
  }
  return {
    ...plain,
    ...(query.matches ? { matches: found.map(([name]) => name).sort() } : {}),
    ...(query.values ? { values } : {}),
    ...Object.fromEntries(more),
    queries: [query.id],
  };
}

function documentsOf(rule: ConfigurationRule, { documents }: TestGiven): readonly DocumentText[] {
  const [first = '/etc/app.conf'] = rule.documents?.paths ?? [];
  return documents.map(({ path, text }) => {
    if (path === undefined && /[*?[{\\]/.test(first))
      throw new Error(`say which file it is: the rule asks for ${first}, such as document: { path: …, text: … }`);
    return { path: path ?? first, text, from: 'own', layer: 0 };
  });
}
