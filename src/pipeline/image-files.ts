import { bodyPass, type WantedBodies } from '../catalog/body-pass.ts';
import { takeInventory } from '../catalog/inventory.ts';
import { squash } from '../catalog/squash.ts';
import { surveyImage } from '../catalog/survey-image.ts';
import { rereadLayer, walkAgain } from '../catalog/survey-layer.ts';
import type { FileTree } from '../catalog/tree.ts';
import { type VisibleFile, visibleFiles } from '../catalog/visible-files.ts';
import type { Ecosystem } from '../ecosystem/contract.ts';
import { type ImageConfig, platformText } from '../model/image.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Problem } from '../model/problem.ts';
import type { LayerSurvey } from '../model/survey.ts';
import type { OpenedImage } from '../source/contract.ts';
import { walkDirectory } from '../source/directory.ts';
import { openImage } from '../source/open.ts';
import { type FolderTarget, type ImageTarget, isImageTarget, type Target } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import { ecosystemsOf } from './gather.ts';
import type { ScanOptions } from './options.ts';
import { surveyFolder } from './survey-folder.ts';

/** An image or folder with all of its files, of which any body can be read. */
export interface TargetFiles {
  readonly ecosystems: readonly Ecosystem[];
  readonly inventory: Inventory;
  readonly surveys: readonly LayerSurvey[];
  readonly tree: FileTree;
  /** Sorted by path. */
  readonly files: readonly VisibleFile[];
  /** Absent for a folder. */
  readonly config?: ImageConfig;
  readonly digest?: string;
  readonly platform?: string;
  /** The history line that made each layer; none for a folder. */
  readonly createdBy: readonly string[];
  /** What could not be read; reading bodies may add to it. */
  readonly problems: readonly Problem[];
  /** Reads bodies again, by layer and entry. @throws SluiceError */
  readBodies(wanted: ReadonlyMap<number, WantedBodies>): Promise<void>;
  close(): void;
}

/** Looks at every file of a target. @throws SluiceError when it can't be read */
export async function openTargetFiles(target: Target, options: ScanOptions): Promise<TargetFiles> {
  if (isImageTarget(target)) return imageFiles(target, options);
  if (target.kind === 'rootfs' || target.kind === 'source') return folderFiles(target, options);
  throw new SluiceError('target/no-files', 'the target holds no files that could be looked at');
}

async function imageFiles(target: ImageTarget, options: ScanOptions): Promise<TargetFiles> {
  const opened = await openImage(target, options.access, { ...options.platform, verify: options.verify });
  try {
    return await filesOf(opened, options);
  } catch (thrown) {
    opened.close();
    throw thrown;
  }
}

async function filesOf(opened: OpenedImage, options: ScanOptions): Promise<TargetFiles> {
  const ecosystems = await ecosystemsOf(options);
  const cache = options.caches?.layers;
  const { layers, open, image, config } = opened;
  const surveys = await surveyImage(layers, {
    ecosystems,
    open,
    cache,
    jobs: options.jobs,
    onLayer: (done, all) => options.onProgress?.(`layer ${done} of ${all}`),
  });
  const blobOf = (layer: number) => {
    const blob = layers[layer];
    if (!blob) throw new SluiceError('layer/unreadable', `there is no layer ${layer}`);
    return blob;
  };
  const inventory = await takeInventory(surveys, ecosystems, (layer, readAs) =>
    rereadLayer(blobOf(layer), readAs, ecosystems, open, cache),
  );
  const tree = squash(surveys, () => undefined);
  return {
    ...{ ecosystems, inventory, surveys, tree, config },
    files: visibleFiles(tree, surveys),
    ...(image.digest ? { digest: image.digest } : {}),
    platform: platformText(image.platform),
    createdBy: image.layers.map(({ createdBy }) => createdBy),
    problems: [...opened.problems, ...inventory.problems],
    async readBodies(wanted) {
      for (const [layer, bodies] of wanted) {
        options.onProgress?.(`reading layer ${layer + 1} of ${layers.length} again`);
        if (bodies.size > 0) await walkAgain(blobOf(layer), bodyPass(bodies), open);
      }
    },
    close: () => opened.close(),
  };
}

async function folderFiles(folder: FolderTarget, options: ScanOptions): Promise<TargetFiles> {
  const ecosystems = await ecosystemsOf(options);
  const { survey, inventory } = await surveyFolder(folder.path, ecosystems);
  const tree = squash([survey], () => undefined);
  const all = [...inventory.problems];
  return {
    ...{ ecosystems, inventory, tree },
    surveys: [survey],
    files: visibleFiles(tree, [survey]),
    createdBy: [],
    problems: all,
    async readBodies(wanted) {
      const bodies = wanted.get(0);
      const unread = bodies ? walkDirectory(folder.path, bodyPass(bodies, survey.entries.paths)) : [];
      // What nobody wanted to read before may be as unreadable.
      const known = new Set(all.map(({ code, path }) => `${code} ${path}`));
      all.push(...unread.filter(({ code, path }) => !known.has(`${code} ${path}`)));
    },
    close: () => undefined,
  };
}
