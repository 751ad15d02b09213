import { alignHistory } from '../../detect/dockerfile/align.ts';
import { type Dockerfile, finalInstructions } from '../../detect/dockerfile/contract.ts';
import { readDockerfile } from '../../detect/dockerfile/read.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { InstructionFact } from '../../model/image-facts.ts';
import type { Place, PlacedFinding } from '../../model/placed-finding.ts';
import { compareProblems, type Problem, warning } from '../../model/problem.ts';
import { Causes } from './causes.ts';

/** How much of a Dockerfile must be found in the history, from 0 to 1, for it to be the image's. */
const leastFound = 0.5;

/**
 * Tells of every finding in a place which line of the Dockerfile made it. `dockerfile`: the one that the image was built
 * from, with its path as the user wrote it. One that is another's links nothing, and is told as a problem unless it was only
 * assumed to be this one's.
 */
export function linkToDockerfile(
  evidence: Evidence,
  dockerfile: { readonly path: string; readonly bytes: Buffer; readonly assumed?: boolean },
): Evidence {
  const { path, bytes, assumed } = dockerfile;
  const { dockerfile: read, problems } = readDockerfile(bytes.toString('utf8'));
  const { image } = evidence;
  // It only adds places to what is known without it: nothing can hide behind what is wrong with it.
  const told = assumed ? [] : problems.map((problem): Problem => ({ ...problem, path, blinding: false }));
  if (!read || !image) return withProblems(evidence, told);
  const { lines, likeness } = alignHistory(image.history, read);
  if (likeness < leastFound && hasOwn(read)) {
    if (assumed) return evidence;
    const message = 'the image was not built from this Dockerfile, as its history says: nothing is linked to its lines';
    return withProblems(evidence, [...told, warning('dockerfile/other-image', message, path)]);
  }
  const causes = new Causes(read, image.history, lines);
  const link = (place: Place): Place => {
    const line = causes.lineOf(place);
    return line === undefined ? place : { ...place, cause: { path, line } };
  };
  const placed = evidence.placed?.map((finding): PlacedFinding => {
    // Other tools' places are theirs to explain.
    if (finding.kind === 'external') return finding;
    const { place, also } = finding;
    return { ...finding, place: link(place), ...(also ? { also: also.map(link) } : {}) };
  });
  const history = image.history.map((fact, step): InstructionFact => {
    const line = lines.get(step);
    return line === undefined ? fact : { ...fact, line };
  });
  return withProblems({ ...evidence, image: { ...image, history }, ...(placed ? { placed } : {}) }, told);
}

/** Whether there is anything in a Dockerfile that a history would show. */
function hasOwn(dockerfile: Dockerfile): boolean {
  return finalInstructions(dockerfile).some(({ name }) => name !== 'FROM' && name !== 'ONBUILD');
}

function withProblems(evidence: Evidence, problems: readonly Problem[]): Evidence {
  if (problems.length === 0) return evidence;
  return { ...evidence, problems: [...evidence.problems, ...problems].sort(compareProblems) };
}
