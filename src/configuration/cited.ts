import { type CompileOptions, compile } from '../policy/expression/compile.ts';
import { EvaluationFailure, type Scope } from '../policy/expression/contract.ts';
import type { Expression, Node } from '../policy/expression/node.ts';
import { allParts, partsOf } from '../policy/expression/parts.ts';

/** Something with a line that made a condition true. */
export interface Cited {
  /** From 1; 0 when not known. */
  readonly line: number;
  readonly path?: string;
  readonly name?: string;
  /** What stands for it as long as it is the same, wherever it stands. */
  readonly key: string;
}

/** Most lines that one finding names. */
const mostCited = 20;

/** What has a line in the file. */
interface Lined {
  readonly line: number;
  readonly path?: string;
  readonly name?: string;
  readonly text?: string;
}

/**
 * What a condition that is true went by, of a document or a Dockerfile: what its `exists` have found, else the first
 * setting that it reads by name and that is there.
 */
export function citedBy(when: Expression, scope: Scope, options: CompileOptions): readonly Cited[] {
  for (const loop of loopsIn(when.node)) {
    const found = foundBy(loop, scope, options);
    if (found.length > 0) return found;
  }
  const settings = settingsIn(scope);
  for (const part of allParts(when.node)) {
    const name = settingNamed(part);
    const setting = name === undefined ? undefined : settings?.get(name);
    if (setting) return [citedOf(setting)];
  }
  return [];
}

type Loop = Extract<Node, { op: 'loop' }>;

/** The `exists` of a condition that are not inside of another loop or negated. */
function loopsIn(node: Node): readonly Loop[] {
  const loops: Loop[] = [];
  const open: Node[] = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.op === 'loop') {
      if (at.by === 'exists' || at.by === 'exists_one') loops.push(at);
    } else if (at.op !== 'not') open.push(...partsOf(at).toReversed());
  }
  return loops;
}

/** The items that a loop has found, as far as they have lines. */
function foundBy(loop: Loop, scope: Scope, options: CompileOptions): readonly Cited[] {
  const found: Cited[] = [];
  try {
    const items: unknown = evaluate(loop.over, scope, options);
    if (!Array.isArray(items)) return found;
    const predicate = compile({ text: '', node: loop.body, reads: [] }, options);
    for (const item of items as unknown[]) {
      if (!isLined(item)) return found;
      if (found.length >= mostCited) break;
      if (isTrue(() => predicate({ ...scope, [loop.name]: item }))) found.push(citedOf(item));
    }
  } catch (thrown) {
    // The condition itself was evaluated: only where it is can't be told.
    if (!(thrown instanceof EvaluationFailure)) throw thrown;
  }
  return found;
}

function evaluate(node: Node, scope: Scope, options: CompileOptions): unknown {
  return compile({ text: '', node, reads: [] }, options)(scope);
}

function isTrue(ask: () => boolean): boolean {
  try {
    return ask();
  } catch (thrown) {
    if (thrown instanceof EvaluationFailure) return false;
    throw thrown;
  }
}

function isLined(item: unknown): item is Lined {
  return typeof item === 'object' && item !== null && typeof (item as { line?: unknown }).line === 'number';
}

function citedOf({ line, path, name, text }: Lined): Cited {
  const named = name === undefined || name === '' ? {} : { name };
  return { line, key: text ?? name ?? '', ...(path === undefined ? {} : { path }), ...named };
}

/** The settings that a document goes by, with their lines. */
function settingsIn(scope: Scope): ReadonlyMap<string, Lined> | undefined {
  const document = scope.document as { readonly effective?: ReadonlyMap<string, Lined> } | undefined;
  return document?.effective;
}

/** The name of the setting that a part reads: `document.get('x')`, `document.settings.x`, `has(document.settings.x)`. */
function settingNamed(part: Node): string | undefined {
  if (part.op === 'has') return isSettings(part.of) ? part.name : undefined;
  if (part.op === 'index') return isSettings(part.of) ? constantIn(part.at) : undefined;
  if (part.op === 'call' && part.fn === 'get') return constantIn(part.args[1]);
  if (part.op === 'compare' && part.by === 'in') return isSettings(part.right) ? constantIn(part.left) : undefined;
  return undefined;
}

function isSettings(node: Node): boolean {
  return node.op === 'field' && node.name === 'settings';
}

function constantIn(node: Node | undefined): string | undefined {
  return node?.op === 'const' && typeof node.value === 'string' ? node.value : undefined;
}
