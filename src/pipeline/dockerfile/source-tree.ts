import { collector } from '../../catalog/body-pass.ts';
import {
  beginsAsDockerfile,
  dockerfileSniff,
  isDockerfileName,
  isPlainDockerfileName,
} from '../../detect/dockerfile/names.ts';
import { largestDockerfile } from '../../format/dockerfile.ts';
import type { BodySink } from '../../format/tar/contract.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { entryKinds } from '../../model/survey.ts';
import type { ScanOptions } from '../options.ts';
import type { FoundBeside, LookedInto } from '../placed/contract.ts';
import { shownPath } from '../placed/places.ts';
import { dockerfileFindings } from './findings.ts';

/** Most Dockerfiles of one tree that are read. */
const mostDockerfiles = 500;

/** Folders of what others have written. */
const foreign = /(?:^|\/)(?:node_modules|vendor|\.git|site-packages|third_party)\//;

/** What rules on configuration say of the Dockerfiles in a source tree, but for those that came with dependencies. */
export async function dockerfilesIn(looked: LookedInto, options: ScanOptions): Promise<FoundBeside> {
  const { entries } = looked.surveys[0]!;
  const file = entryKinds.indexOf('file');
  const paths: string[] = [];
  /** Undefined: it is none. */
  const texts = new Map<string, string | undefined>();
  const wanted = new Map<number, BodySink>();
  const problems: Problem[] = [];
  for (let entry = 0; entry < entries.paths.length; entry++) {
    if (entries.kinds[entry] !== file || !isDockerfileName(entries.paths.nameOf(entry))) continue;
    const path = entries.paths.at(entry) ?? '';
    if (foreign.test(path)) continue;
    if (wanted.size >= mostDockerfiles) {
      problems.push(
        warning('dockerfile/too-many', `there are more than ${mostDockerfiles} Dockerfiles; the rest is not read`),
      );
      break;
    }
    const shown = shownPath(path, looked.places.folder);
    paths.push(shown);
    wanted.set(
      entry,
      collector(largestDockerfile, (bytes) => {
        const isOne = isPlainDockerfileName(path) || beginsAsDockerfile(bytes.subarray(0, dockerfileSniff));
        texts.set(shown, isOne ? bytes.toString('utf8') : undefined);
      }),
    );
  }
  if (wanted.size === 0) return { placed: [], problems };
  await looked.readBodies(new Map([[0, wanted]]));
  const placed: PlacedFinding[] = [];
  for (const path of paths) {
    const text = texts.get(path);
    if (text === undefined && texts.has(path)) continue;
    if (text === undefined) {
      problems.push(warning('dockerfile/too-large', 'the Dockerfile is too large to be read', path));
      continue;
    }
    const found = await dockerfileFindings(path, text, options);
    placed.push(...found.placed);
    // In a tree, one file that is called so and is none says nothing against the others.
    problems.push(...found.problems.map((problem) => ({ ...problem, blinding: false })));
  }
  return { placed, problems };
}
