import type { InstructionFact } from '../../model/image-facts.ts';

/** One line of the history, as rules read it. */
export class InstructionView {
  readonly name: string;
  readonly text: string;
  readonly layer: number;
  readonly from: string;
  readonly index: number;

  constructor({ name, text, layer = -1, from }: InstructionFact, index: number) {
    this.name = name;
    this.text = text;
    this.layer = layer;
    this.from = from;
    this.index = index;
  }
}
