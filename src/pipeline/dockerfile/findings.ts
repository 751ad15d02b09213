import type { ConfigurationRule } from '../../configuration/contract.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { ImageFacts } from '../../model/image-facts.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import type { Problem } from '../../model/problem.ts';
import type { ScanOptions } from '../options.ts';

/** What a Dockerfile would make, and what rules on configuration say of it. */
export interface DockerfileFindings {
  /** Absent: nothing of the file could be read. */
  readonly image?: ImageFacts;
  readonly placed: readonly PlacedFinding[];
  readonly problems: readonly Problem[];
}

/**
 * Asks the rules on configuration, the built-in ones and those of the user, of a Dockerfile. `path`: as findings call it.
 * Never throws over what the file holds.
 */
export async function dockerfileFindings(
  path: string,
  text: string,
  options: ScanOptions,
): Promise<DockerfileFindings> {
  const [{ readDockerfile }, { dockerfileInput }, { dockerfileFacts }, { evaluateConfiguration }] = await Promise.all([
    import('../../detect/dockerfile/read.ts'),
    import('../../configuration/dockerfile-input.ts'),
    import('../../source/dockerfile-facts.ts'),
    import('../../configuration/evaluate.ts'),
  ]);
  const { dockerfile, problems } = readDockerfile(text);
  const unread = problems.map((problem) => ({ ...problem, path }));
  if (!dockerfile) return { placed: [], problems: unread };
  const { facts, problems: tooMany } = dockerfileFacts(dockerfile);
  const evaluated = await evaluateConfiguration(await rulesFor(options), {
    evidence: evidenceOfDockerfile(facts),
    now: options.now ?? new Date(0),
    dockerfile: dockerfileInput(path, dockerfile),
  });
  return {
    image: facts,
    placed: evaluated.findings,
    problems: [...unread, ...[...tooMany, ...evaluated.problems].map((problem) => ({ ...problem, path }))],
  };
}

/** The evidence on an image that there is not yet. */
export function evidenceOfDockerfile(image: ImageFacts | undefined): Evidence {
  return {
    target: { kind: 'dockerfile', layers: [] },
    judged: ['installed'],
    ...{ packages: [], findings: [], problems: [], sources: [] },
    ...(image ? { image } : {}),
  };
}

async function rulesFor({ look }: ScanOptions): Promise<readonly ConfigurationRule[]> {
  const { configurationRules } = await import('../../configuration/rules.gen.ts');
  return [...configurationRules, ...(look?.configurationRules ?? [])];
}
