import { type Dockerfile, DockerfileParser } from 'dockerfile-ast';

/** Largest Dockerfile that is read, in characters: real ones have some ten thousand. */
export const largestDockerfile = 250_000;

/** Parses a Dockerfile; undefined when it is too large, or nothing that the parser takes. Never throws. */
export function parseDockerfile(text: string): Dockerfile | undefined {
  if (text.length > largestDockerfile) return undefined;
  try {
    return DockerfileParser.parse(text);
  } catch {
    // The parser is not ours: whatever makes it stumble is no Dockerfile.
    return undefined;
  }
}

/**
 * The number of the stage that an image's name means, among those that stand in front of it; -1 when it is an image. The
 * last one counts where several have the name.
 */
export function stageNamed(name: string, before: readonly { readonly name: string }[]): number {
  const lower = name.toLowerCase();
  return before.findLastIndex((stage) => stage.name !== '' && stage.name === lower);
}

/** The stages from the last one back to the one that starts from an image: that is what the result is built on. */
export function chainOf<S extends { readonly name: string; readonly image: string }>(
  stages: readonly S[],
): readonly S[] {
  const chain: S[] = [];
  for (let at = stages.length - 1; at >= 0; ) {
    const stage = stages[at]!;
    chain.push(stage);
    at = stageNamed(stage.image, stages.slice(0, at));
  }
  return chain;
}
