import type { Evidence } from '../../model/evidence.ts';
import { commandText } from '../text-command.ts';

/** What made a layer, as people know it: the line of the history, without secrets; empty where nothing tells. */
export function layerName({ target, image }: Evidence, number: number): string {
  const step = image?.history.find(({ layer }) => layer === number);
  const made = commandText(step?.text ?? target.layers[number]?.createdBy ?? '');
  return step && step.name !== '' && !made.startsWith(step.name) ? `${step.name} ${made}` : made;
}
