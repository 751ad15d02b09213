import type { WantedBodies } from '../../catalog/body-pass.ts';
import type { BodySink } from '../../format/tar/contract.ts';
import type { LayerSurvey } from '../../model/survey.ts';

/** Bodies that are wanted, by layer and entry. */
export type BodiesByLayer = ReadonlyMap<number, WantedBodies>;

/**
 * Gives the configuration files that surveys have kept to whoever wants them, secrets hidden, and returns what is wanted
 * beside them: for that alone layers are read again.
 */
export function giveKept(wanted: BodiesByLayer, surveys: readonly LayerSurvey[]): BodiesByLayer {
  const left = new Map<number, Map<number, BodySink>>();
  for (const [layer, bodies] of wanted) {
    const kept = new Map((surveys[layer]?.documents ?? []).map(({ entry, text }) => [entry, text]));
    for (const [entry, sink] of bodies) {
      const text = kept.get(entry);
      if (text === undefined) left.set(layer, (left.get(layer) ?? new Map<number, BodySink>()).set(entry, sink));
      else if (sink.write(Buffer.from(text)) !== false) sink.end();
    }
  }
  return left;
}
