import type { Dockerfile } from '../detect/dockerfile/contract.ts';
import { readDockerfile } from '../detect/dockerfile/read.ts';
import type { ImageFacts } from '../model/image-facts.ts';
import { DockerfileView } from '../policy/subject/dockerfile.ts';
import { dockerfileFacts } from '../source/dockerfile-facts.ts';
import { SluiceError } from '../util/error.ts';
import type { DockerfileInput } from './inputs.ts';

/** What rules are asked of a Dockerfile. `path`: as the user wrote it. */
export function dockerfileInput(path: string, dockerfile: Dockerfile): DockerfileInput {
  const view = new DockerfileView(path, dockerfile);
  return { path, view, instructions: view.instructions.map((one) => ({ view: one, text: one.text, line: one.line })) };
}

/** Reads a Dockerfile, and what it makes of an image. @throws SluiceError when nothing of it can be read */
export function readDockerfileInput(
  text: string,
  path: string,
): { readonly image: ImageFacts; readonly dockerfile: DockerfileInput } {
  const { dockerfile, problems } = readDockerfile(text);
  if (!dockerfile) throw new SluiceError('dockerfile/unreadable', problems[0]?.message ?? 'it can not be read');
  return { image: dockerfileFacts(dockerfile).facts, dockerfile: dockerfileInput(path, dockerfile) };
}
