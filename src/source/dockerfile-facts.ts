import { type Dockerfile, finalInstructions } from '../detect/dockerfile/contract.ts';
import { runConfigOf } from '../detect/dockerfile/run-config.ts';
import type { ImageFacts } from '../model/image-facts.ts';
import { imageFactsOf } from './image-facts.ts';

/**
 * How containers are run of the image that a Dockerfile makes, and how it is built, without secrets: as far as the file
 * tells, for what the image below sets is not known. Lines of the history are those of the stages that the last one is built on.
 */
export function dockerfileFacts(dockerfile: Dockerfile): ReturnType<typeof imageFactsOf> {
  const instructions = finalInstructions(dockerfile);
  const { facts, problems } = imageFactsOf(
    {
      image: { layers: [] },
      config: {
        run: runConfigOf(dockerfile),
        history: instructions.map(({ text }) => ({ createdBy: text, empty: true })),
        diffIds: [],
        created: '',
      },
    },
    undefined,
  );
  const history = facts.history.map((fact, at): ImageFacts['history'][number] => {
    const line = instructions[at]?.line;
    return line === undefined ? fact : { ...fact, line };
  });
  return { facts: { ...facts, history }, problems };
}
