import type { LayerState } from '../catalog/survey-image.ts';
import { sizeText } from '../report/text-size.ts';
import { clip, displayWidth } from '../report/text-width.ts';
import { harmless } from '../util/harmless.ts';

/** Shortest time between two drawings, in milliseconds. */
const drawMs = 100;

/** Work that takes no longer is not worth a picture that is gone again at once, in milliseconds. */
const patienceMs = 200;

/** Where a picture is drawn; a test has its own. */
export interface Canvas {
  write(text: string): void;
  columns(): number;
  rows(): number;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

/** A layer as it is shown. */
interface Shown extends LayerState {
  /** When it was begun with, and how long it took. */
  readonly since?: number;
  readonly took?: number;
}

/** Layers while they are read, a line each, drawn over itself on the terminal until it is taken away. */
export class LiveLayers {
  readonly #canvas: Canvas;
  readonly #name: string;
  readonly #layers = new Map<number, Shown>();
  readonly #begun: number;
  #drawn: { readonly columns: number; readonly lines: readonly string[] } | undefined;
  #lastDrawn = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(name: string, canvas: Canvas) {
    this.#canvas = canvas;
    this.#name = name;
    this.#begun = canvas.now();
  }

  /** Takes what is told of a layer. */
  take(state: LayerState): void {
    const now = this.#canvas.now();
    const { since } = this.#layers.get(state.layer) ?? {};
    const times = state.state === 'reading' ? { since: now } : since === undefined ? {} : { since, took: now - since };
    this.#layers.set(state.layer, { ...state, ...times });
    this.#draw(now);
    this.#timer ??= setInterval(() => this.#draw(this.#canvas.now()), drawMs).unref();
  }

  /** Whether there is a picture to take away. */
  get isShown(): boolean {
    return this.#drawn !== undefined;
  }

  /** Whether nothing is left to wait for. */
  get isDone(): boolean {
    return [...this.#layers.values()].every(isDone);
  }

  /** Takes the picture away. */
  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#drawn) this.#canvas.write(this.#erasing());
    this.#drawn = undefined;
    this.#layers.clear();
  }

  #draw(now: number): void {
    if (now - this.#begun < patienceMs || now - this.#lastDrawn < drawMs) return;
    this.#lastDrawn = now;
    const columns = this.#canvas.columns();
    const lines = layerLines([...this.#layers.values()], this.#name, now, columns - 1, this.#canvas.rows() - 2);
    this.#canvas.write(`${this.#erasing()}${lines.join('\n')}\n`);
    this.#drawn = { columns, lines };
  }

  /** Goes to the picture's first line and clears from there; a terminal that became narrower has broken its lines. */
  #erasing(): string {
    if (!this.#drawn) return '';
    const columns = Math.max(1, this.#canvas.columns());
    const rows = this.#drawn.lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
    return `\r\x1b[${rows}A\x1b[0J`;
  }
}

const order: Record<LayerState['state'], number> = { reading: 0, waiting: 1, read: 2, known: 3 };

/** The picture: a line that stands for all, and as many layers as there is room for, those that are read now first of all. */
function layerLines(layers: readonly Shown[], name: string, now: number, columns: number, rows: number): string[] {
  const byNumber = [...layers].sort((a, b) => a.layer - b.layer);
  const room = Math.max(1, rows - 1);
  const urgent = [...byNumber].sort((a, b) => order[a.state] - order[b.state]);
  const kept = new Set(urgent.slice(0, byNumber.length > room ? room - 1 : room));
  const hidden = byNumber.filter((layer) => !kept.has(layer));
  const lines = byNumber.filter((layer) => kept.has(layer)).map((layer) => layerLine(layer, now));
  if (hidden.length > 0) lines.push(`  and ${hidden.length} more: ${hidden.filter(isDone).length} done`);
  return [headLine(byNumber, name), ...lines].map((line) => clip(line, columns));
}

function isDone({ state }: LayerState): boolean {
  return state === 'read' || state === 'known';
}

function headLine(layers: readonly Shown[], name: string): string {
  const done = layers.filter(isDone).length;
  const packages = layers.reduce((sum, layer) => sum + (layer.packages ?? 0), 0);
  return `${harmless(name)}: ${done} of ${layers.length} layers, ${packages} packages so far`;
}

const marks: Record<LayerState['state'], string> = { known: '=', waiting: '.', reading: '>', read: '+' };
const words: Record<LayerState['state'], string> = {
  known: 'cached',
  waiting: 'waiting',
  reading: 'reading',
  read: 'read',
};

/** `  > layer  3  reading     4.2 MB  1.2 s`, `  + layer  0  read   27.3 MB  92.1 MB/s  88 packages`. */
function layerLine({ layer, state, size, packages, since, took }: Shown, now: number): string {
  const head = `  ${marks[state]} layer ${String(layer).padStart(3)}  ${words[state].padEnd(7)}  ${sizeText(size).padStart(9)}`;
  if (state === 'reading') return `${head}  ${((now - (since ?? now)) / 1000).toFixed(1)} s`;
  if (!isDone({ layer, state, size })) return head;
  const speed = took === undefined || took < 1 ? '' : `${sizeText(Math.round((size / took) * 1000))}/s`;
  const brought =
    packages === undefined ? '' : `${String(packages).padStart(5)} ${packages === 1 ? 'package' : 'packages'}`;
  return `${head}  ${speed.padStart(12)}  ${brought}`.trimEnd();
}
