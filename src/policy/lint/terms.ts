import { reaches, type Severity, severities } from '../../model/severity.ts';
import type { Node } from '../expression/node.ts';
import { fieldRanges, fieldTexts } from './domains.ts';
import { type FieldPath, pathOf } from './paths.ts';

type Compare = Extract<Node, { op: 'compare' }>;
type Constant = string | number | boolean | null;

const opposites: Readonly<Record<Exclude<Compare['by'], 'in'>, Exclude<Compare['by'], 'in'>>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
const mirrored = { '==': '==', '!=': '!=', '<': '>', '>=': '<=', '>': '<', '<=': '>=' } as const;

/** The parts of an `and` or `or`, however it is bracketed, also as `!(a || b)`; of anything else itself. */
export function partsJoinedBy(op: 'and' | 'or', node: Node): readonly Node[] {
  const other = op === 'and' ? 'or' : 'and';
  const found: Node[] = [];
  const open: Node[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.op === op) open.push(next.right, next.left);
    else if (next.op === 'not' && next.of.op === other) open.push(negated(next.of.right), negated(next.of.left));
    else found.push(next);
  }
  return found;
}

/** What is true when the node is false. */
export function negated(node: Node): Node {
  if (node.op === 'not') return node.of;
  if (node.op === 'compare' && node.by !== 'in') return { ...node, by: opposites[node.by] };
  return { op: 'not', of: node };
}

/** What a field can still hold. */
interface Left {
  /** Absent: any text. */
  texts: Set<Constant> | undefined;
  readonly not: Set<Constant>;
  least: number;
  most: number;
}

/** Whether conditions that must all hold can't: by what they say of one field, and by what a field can hold at all. */
export function contradict(terms: readonly Node[]): boolean {
  const fields = new Map<string, Left>();
  for (const term of terms) {
    const said = saidBy(term);
    if (!said) continue;
    const left = fields.get(said.path.text) ?? anything(said.path);
    said.narrow(left);
    fields.set(said.path.text, left);
    if (isEmpty(left)) return true;
  }
  return false;
}

function anything({ field, type }: FieldPath): Left {
  const texts = type === 'bool' ? [true, false] : fieldTexts.get(field);
  const [least, most] = fieldRanges.get(field) ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return { texts: texts && new Set<Constant>(texts), not: new Set(), least, most };
}

function isEmpty({ texts, not, least, most }: Left): boolean {
  if (least > most || (least === most && not.has(least))) return true;
  return texts !== undefined && [...texts].every((text) => not.has(text) || outside(text, least, most));
}

function outside(value: Constant, least: number, most: number): boolean {
  return typeof value === 'number' && (value < least || value > most);
}

interface Said {
  readonly path: FieldPath;
  narrow(left: Left): void;
}

/** What one condition says of one field; undefined when it says nothing that is understood here. */
function saidBy(term: Node): Said | undefined {
  if (term.op === 'not') {
    const path = pathOf(term.of);
    if (path?.type === 'bool') return { path, narrow: only([false]) };
    return term.of.op === 'call' ? severityCall(term.of, false) : notIn(term.of);
  }
  if (term.op === 'call') return severityCall(term, true);
  if (term.op === 'compare') return saidByCompare(term);
  const path = pathOf(term);
  return path?.type === 'bool' ? { path, narrow: only([true]) } : undefined;
}

function only(texts: readonly Constant[]): Said['narrow'] {
  return (left) => {
    left.texts = new Set(texts.filter((text) => left.texts === undefined || left.texts.has(text)));
  };
}

function notIn(node: Node): Said | undefined {
  if (node.op !== 'compare' || node.by !== 'in') return undefined;
  const [path, items] = [pathOf(node.left), constantsOf(node.right)];
  if (!path || !items) return undefined;
  return { path, narrow: ({ not }) => items.forEach((item) => void not.add(item)) };
}

function saidByCompare({ by, left, right }: Compare): Said | undefined {
  if (by === 'in') {
    const [path, items] = [pathOf(left), constantsOf(right)];
    return path && items ? { path, narrow: only(items) } : undefined;
  }
  if (left.op === 'const') return right.op === 'const' ? undefined : said(pathOf(right), mirrored[by], left.value);
  return right.op === 'const' ? said(pathOf(left), by, right.value) : undefined;
}

function said(path: FieldPath | undefined, by: Exclude<Compare['by'], 'in'>, value: Constant): Said | undefined {
  if (!path) return undefined;
  if (by === '==')
    return { path, narrow: (left) => (typeof value === 'number' ? exactly(left, value) : only([value])(left)) };
  if (by === '!=') return { path, narrow: ({ not }) => void not.add(value) };
  if (typeof value !== 'number') return undefined;
  // Of whole numbers the next one is known; of others it is so near that it is nothing.
  const step = path.type === 'int' ? 1 : Number.EPSILON * Math.max(1, Math.abs(value));
  if (by === '<' || by === '<=') {
    return { path, narrow: (left) => atMost(left, by === '<' ? value - step : value) };
  }
  return { path, narrow: (left) => atLeast(left, by === '>' ? value + step : value) };
}

function exactly(left: Left, value: number): void {
  atLeast(left, value);
  atMost(left, value);
}

function atLeast(left: Left, value: number): void {
  left.least = Math.max(left.least, value);
}

function atMost(left: Left, value: number): void {
  left.most = Math.min(left.most, value);
}

function severityCall({ fn, args }: Extract<Node, { op: 'call' }>, holds: boolean): Said | undefined {
  const [of, least] = args;
  if (fn !== 'atLeast' || !of || least?.op !== 'const') return undefined;
  const [path, threshold] = [pathOf(of), severities.find((severity) => severity === least.value)];
  if (!path || !threshold) return undefined;
  const reaching = severities.filter((severity: Severity) => reaches(severity, threshold) === holds);
  return { path, narrow: only(reaching) };
}

function constantsOf(node: Node): readonly Constant[] | undefined {
  if (node.op !== 'list') return undefined;
  const values = node.items.map((item) => (item.op === 'const' ? item.value : undefined));
  return values.some((value) => value === undefined) ? undefined : (values as readonly Constant[]);
}
