import { digestIn } from '../model/digest.ts';
import type { BaseImage, HistoryLine, ImageConfig } from '../model/image.ts';

/** Names of annotations and labels (OCI image specification, "Pre-Defined Annotation Keys"). */
const nameKey = 'org.opencontainers.image.base.name';
const digestKey = 'org.opencontainers.image.base.digest';

/** Longest name of a base image that is passed on, in characters. */
const maxName = 1_000;

/**
 * What an image says of the one that it was built on: its annotations name it, or its labels; how many of the layers
 * are the base's, the history shows. Undefined when nothing tells of a base.
 */
export function baseOf(annotations: Readonly<Record<string, unknown>>, config: ImageConfig): BaseImage | undefined {
  const { labels } = config.run;
  const text = (key: string): string | undefined => {
    const value = annotations[key] ?? labels.get(key);
    return typeof value === 'string' && value !== '' ? value.slice(0, maxName) : undefined;
  };
  const name = text(nameKey);
  const digest = digestIn(text(digestKey));
  const layers = baseLayers(config.history, config.diffIds.length);
  if (name === undefined && digest === undefined && layers === 0) return undefined;
  return { ...(name === undefined ? {} : { name }), ...(digest ? { digest } : {}), layers, by: 'history' };
}

/**
 * How many layers the base has, told by the shape of the history: images that others are built on end with the command
 * that they run (`CMD`), so the last one below the image's own steps ends the base. 0 when there is none.
 */
function baseLayers(history: readonly HistoryLine[], layers: number): number {
  if (history.filter(({ empty }) => !empty).length !== layers) return 0;
  let at = history.length - 1;
  // The image's own settings at the end, its `CMD` among them, say nothing of the base.
  while (at >= 0 && history[at]?.empty) at--;
  while (at >= 0 && !isCommand(history[at])) at--;
  return history.slice(0, Math.max(at, 0)).filter(({ empty }) => !empty).length;
}

/** `/bin/sh -c #(nop)  CMD ["sh"]` as docker's old builder wrote it, `CMD ["sh"]` as BuildKit does. */
function isCommand(line: HistoryLine | undefined): boolean {
  if (!line?.empty) return false;
  const text = line.createdBy.startsWith('/bin/sh -c #(nop)') ? line.createdBy.slice(17).trimStart() : line.createdBy;
  return text.startsWith('CMD ');
}
