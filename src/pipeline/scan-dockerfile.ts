import type { Evidence } from '../model/evidence.ts';
import type { LookKind, PlacedFinding } from '../model/placed-finding.ts';
import { compareProblems, distinctProblems, type Problem } from '../model/problem.ts';
import { readDockerfileBytes } from '../source/dockerfile-file.ts';
import type { DockerfileTarget } from '../source/target.ts';
import { dockerfileFindings, evidenceOfDockerfile } from './dockerfile/findings.ts';
import type { Look, ScanOptions } from './options.ts';
import { comparePlaced, secretFindings, spanOf } from './placed/secret-findings.ts';

/** What a Dockerfile can hold. */
const kindsHere: ReadonlySet<LookKind> = new Set(['secrets', 'configuration']);

/**
 * Looks into a Dockerfile before there is an image: the rules on configuration are asked of what it would make, and secrets
 * are looked for in its text. @throws SluiceError when it can't be read
 */
export async function scanDockerfile({ path }: DockerfileTarget, options: ScanOptions): Promise<Evidence> {
  const { look } = options;
  const text = readDockerfileBytes(path).toString('utf8');
  const found = await dockerfileFindings(path, text, options);
  const placed: PlacedFinding[] = [...(look?.imported?.findings ?? [])];
  const problems: Problem[] = [...(look?.imported?.problems ?? [])];
  if (look?.kinds.includes('configuration')) placed.push(...found.placed);
  // What could not be read of it hides secrets as well as settings.
  if (look) problems.push(...found.problems);
  if (look?.kinds.includes('secrets')) placed.push(...(await secretsIn(path, text, look)));
  return {
    ...evidenceOfDockerfile(found.image),
    problems: distinctProblems(problems).sort(compareProblems),
    ...(look ? { looked: look.kinds.filter((kind) => kindsHere.has(kind)) } : {}),
    ...(placed.length > 0 ? { placed: placed.sort(comparePlaced) } : {}),
  };
}

async function secretsIn(path: string, text: string, look: Look): Promise<PlacedFinding[]> {
  const [{ layerLookOf }, { searchBy }] = await Promise.all([
    import('./placed/layer-look.ts'),
    import('./placed/search-by.ts'),
  ]);
  const layerLook = await layerLookOf(look);
  if (!layerLook) return [];
  const { found, rules } = await searchBy(layerLook, (scanner) => scanner.search(text, path));
  return secretFindings(
    found.map((match) => ({ match, place: { in: 'dockerfile', path, ...spanOf(match) } })),
    rules,
  );
}
