import type { Evidence } from '../model/evidence.ts';
import type { BaseImage } from '../model/image.ts';
import type { OpenedImage } from '../source/contract.ts';
import { openImage } from '../source/open.ts';
import type { FolderTarget, ImageTarget, Target } from '../source/target.ts';
import { inStep } from '../util/telemetry/step.ts';
import type { EvidenceInputs } from './evidence-cache.ts';
import type { ScanOptions } from './options.ts';

/**
 * Looks into a target and gathers the evidence on it. What reads layers and matches packages is loaded only when the
 * answer is not known: most scans in a pipeline are of what was scanned before. @throws SluiceError when it can't be read
 */
export async function scan(target: Target, given: ScanOptions): Promise<Evidence> {
  // Where secrets are shown, nothing may be kept; and what was kept has none that could be shown.
  const options = given.look?.showSecrets ? { ...given, caches: undefined, shared: undefined } : given;
  if (isFolder(target)) {
    const { scanFolder } = await import('./scan-folder.ts');
    return scanFolder(target, options);
  }
  if (target.kind === 'sbom') {
    const { scanSbom } = await import('./scan-sbom.ts');
    return scanSbom(target, options);
  }
  if (target.kind === 'dockerfile') {
    const { scanDockerfile } = await import('./scan-dockerfile.ts');
    return scanDockerfile(target, options);
  }
  const open = () => openImage(target, options.access, { ...options.platform, verify: options.verify });
  const opened = await inStep(options.trace, 'open', open);
  try {
    const base = options.base && (await (await import('./given-base.ts')).givenBase(options.base, opened, options));
    const inputs = await inputsOf(target, options, opened, base);
    const more = options.wanted || options.look ? { ...options, surveyed: {} } : options;
    const evidence = await evidenceOn(opened, inputs, more);
    const wanted = options.wanted?.(evidence);
    if (!wanted) return evidence;
    const { collectFromImage } = await import('./collect/collect-image.ts');
    return await inStep(options.trace, 'collect', () => collectFromImage(evidence, opened, wanted, more));
  } finally {
    opened.close();
  }
}

/** The evidence on an image as it was last gathered, if nothing that it depends on has changed; else gathered anew. */
async function evidenceOn(opened: OpenedImage, inputs: EvidenceInputs, options: ScanOptions): Promise<Evidence> {
  const { base, vex, names, vexProblems } = inputs;
  const { caches, refresh } = options;
  const before = caches?.images.nameOf(opened.layers);
  // What is about to be brought up to date is not what was known before.
  const known = before === undefined || refresh ? undefined : caches?.evidence.find(before, opened, inputs);
  options.trace?.set({ 'sluice.known': known !== undefined });
  if (known) return known;
  const { scanImage } = await import('./scan-image.ts');
  const evidence = await scanImage(opened, { ...options, vex, names, vexProblems }, base);
  const name = caches?.images.nameOf(opened.layers);
  // Layers that were read in part may have been proven by another process meanwhile: see `keepKnown`.
  const partly = evidence.target.layers.some(({ read }) => read !== undefined);
  if (name !== undefined && (!partly || name === before) && !refresh)
    caches?.evidence.keep(name, opened, inputs, evidence);
  return evidence;
}

/** What evidence depends on beside the image. VEX that is attached to it is read for every scan: it may change at any time. */
async function inputsOf(
  target: ImageTarget,
  options: ScanOptions,
  { image, index }: OpenedImage,
  base: BaseImage | undefined,
): Promise<EvidenceInputs> {
  const { attachedVex: wanted, access, data = { sources: [], feeds: [] } } = options;
  const names = [...(target.kind === 'registry' ? [target.reference] : []), ...(index ? [index] : [])];
  const looked = options.look && `${options.look.digest} ${options.now?.toISOString().slice(0, 10)}`;
  const own = { vex: options.vex ?? [], names };
  if (wanted === undefined) {
    options.onVex?.(own.vex, own.names);
    return { data, base, ...own, vexProblems: [], looked };
  }
  const { attachedVex } = await import('../source/attached-vex.ts');
  const found = await attachedVex(target, image, access, wanted === 'believed');
  const vex = [...own.vex, ...found.given];
  const called = [...new Set([...names, ...found.names])];
  options.onVex?.(vex, called);
  return { data, base, vex, names: called, vexProblems: found.problems, looked };
}

function isFolder(target: Target): target is FolderTarget {
  return target.kind === 'rootfs' || target.kind === 'source';
}
