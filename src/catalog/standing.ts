import type { LayerSurvey } from '../model/survey.ts';
import { compareText } from '../util/compare-text.ts';
import { squash } from './squash.ts';
import { type FileTree, type TreeNode, visiblePath } from './tree.ts';

/** The body of a file: the layer and the entry that hold it. */
export interface BodyOf {
  readonly layer: number;
  readonly entry: number;
}

/** Where the body of a file is in the final image, or when it went. */
export interface Standing {
  /** Clean path without leading slash: where it is seen, its own one first; of one that went, where it stood. */
  readonly path: string;
  /** The layer after which nothing shows it any more; it may be its own. */
  readonly removedIn?: number;
}

/** An image whose layers lie on each other, and what became of the bodies that were asked for. */
export interface StandingBodies {
  /** With a node for each file. */
  readonly tree: FileTree;
  of(body: BodyOf): Standing;
}

/** One body while the layers are put on each other. */
interface Followed {
  readonly body: BodyOf;
  /** All that were put into the tree with this body. */
  readonly nodes: TreeNode[];
  removedIn: number | undefined;
}

/**
 * Puts the layers on each other and follows some bodies, so that it is known which layer took each away. A hard link, also
 * of a later layer, keeps a body that its own path has lost.
 */
export function followBodies(surveys: readonly LayerSurvey[], bodies: Iterable<BodyOf>): StandingBodies {
  const byLayer = surveys.map(() => new Map<number, Followed>());
  for (const body of bodies) byLayer[body.layer]?.set(body.entry, { body, nodes: [], removedIn: undefined });
  let standing: Followed[] = [];
  const tree = squash(
    surveys,
    (node) => byLayer[node.bodyLayer]?.get(node.bodyEntry)?.nodes.push(node),
    undefined,
    (layer) => {
      standing.push(...(byLayer[layer]?.values() ?? []));
      standing = standing.filter((followed) => {
        if (followed.nodes.some((node) => visiblePath(node) !== undefined)) return true;
        followed.removedIn = layer;
        return false;
      });
    },
  );
  return { tree, of: (body) => standingOf(body, byLayer[body.layer]?.get(body.entry), surveys) };
}

function standingOf(
  { layer, entry }: BodyOf,
  followed: Followed | undefined,
  surveys: readonly LayerSurvey[],
): Standing {
  const own = surveys[layer]?.entries.paths.at(entry) ?? '';
  if (followed?.removedIn !== undefined) return { path: own, removedIn: followed.removedIn };
  const paths = (followed?.nodes ?? []).flatMap((node) => visiblePath(node) ?? []).sort(compareText);
  return { path: paths.includes(own) ? own : (paths[0] ?? own) };
}
