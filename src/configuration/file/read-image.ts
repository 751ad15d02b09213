import { type EnvFact, type ImageFacts, type InstructionFact, noFacts } from '../../model/image-facts.ts';
import type { Faults } from '../../policy/file/fault.ts';
import type { Value } from '../../policy/file/value.ts';
import { looksSecret } from '../../util/secret-value.ts';
import type { TestGiven } from '../test/given.ts';
import { fieldsIn, plainText, type Shape } from './plain.ts';

type Given = Pick<TestGiven, 'image' | 'kind' | 'name' | 'distribution' | 'endOfLife' | 'base' | 'baseLayers'>;

/** What stands beside the facts of an image. */
const aroundShapes: Readonly<Record<string, Shape>> = {
  ...{
    kind: ['image', 'rootfs', 'source'],
    name: 'text',
    distribution: 'map',
    endOfLife: 'text',
    base: 'map',
    baseLayers: 'number',
  },
};

/** The shapes of the facts of an image, as its empty facts tell them. */
const factShapes: Readonly<Record<string, Shape>> = {
  ...Object.fromEntries(
    Object.entries(noFacts)
      .filter(([name]) => name !== 'history')
      .map(([name, empty]) => [name, name === 'env' ? 'map' : shapeOf(empty)]),
  ),
  timed: 'flag',
};

function shapeOf(empty: unknown): Shape {
  if (typeof empty === 'string') return 'text';
  if (typeof empty === 'number') return 'number';
  if (typeof empty === 'boolean') return 'flag';
  return Array.isArray(empty) ? 'texts' : 'map';
}

/** Reads what a test says of the image. */
export function readImage(value: Value, faults: Faults): Given {
  const read = fieldsIn(value, 'image', { ...factShapes, ...aroundShapes }, ['history'], faults);
  const history = read?.map.entries.get('history')?.value;
  const facts: Record<string, unknown> = {};
  for (const [name, given] of read?.fields ?? []) {
    if (Object.hasOwn(factShapes, name)) facts[name] = given instanceof Map && name !== 'env' ? plain(given) : given;
  }
  if (facts.env instanceof Map) facts.env = envOf(facts.env as ReadonlyMap<string, string>);
  if (history) facts.history = readInstructions(history, faults);
  const text = (name: string): string | undefined => read?.fields.get(name) as string | undefined;
  const map = (name: string): ReadonlyMap<string, string> | undefined =>
    read?.fields.get(name) as ReadonlyMap<string, string> | undefined;
  const [kind, name, end] = [text('kind'), text('name'), text('endOfLife')];
  const [distribution, base] = [map('distribution'), map('base')];
  return {
    image: facts as Partial<ImageFacts>,
    kind: kind === 'rootfs' || kind === 'source' ? kind : 'image',
    ...(name === undefined ? {} : { name }),
    ...(end === undefined ? {} : { endOfLife: end }),
    ...(distribution
      ? { distribution: { id: distribution.get('id') ?? '', version: distribution.get('version') ?? '' } }
      : {}),
    ...(base ? { base: { name: base.get('name') ?? '', digest: base.get('digest') ?? '' } } : {}),
    baseLayers: (read?.fields.get('baseLayers') as number | undefined) ?? 0,
  };
}

/** A plain object of a map; a key such as `__proto__` becomes a plain one. */
function plain(map: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
  return Object.fromEntries(map as ReadonlyMap<string, unknown>);
}

function envOf(map: ReadonlyMap<string, string>): EnvFact[] {
  return [...map].map(([name, value]) => ({ name, value, secret: looksSecret(name, value) }));
}

const lineShapes: Readonly<Record<string, Shape>> = {
  text: 'text',
  name: 'text',
  layer: 'number',
  from: ['base', 'own'],
};

/** Lines of a history: texts, or maps that say more. */
export function readInstructions(value: Value, faults: Faults): readonly InstructionFact[] {
  const items = value.kind === 'list' ? value.items : [value];
  return items.flatMap((item): InstructionFact[] => {
    if (item.kind !== 'map') {
      const text = plainText(item, 'instruction', faults);
      return text === undefined ? [] : [{ name: nameIn(text), text, from: 'own' }];
    }
    const fields = fieldsIn(item, 'instruction', lineShapes, [], faults)?.fields;
    const text = (fields?.get('text') as string | undefined) ?? '';
    const layer = fields?.get('layer') as number | undefined;
    return [
      {
        name: (fields?.get('name') as string | undefined) ?? nameIn(text),
        text,
        from: fields?.get('from') === 'base' ? 'base' : 'own',
        ...(layer === undefined ? {} : { layer }),
      },
    ];
  });
}

function nameIn(text: string): string {
  return /^[A-Z]{2,12}(?=\s|$)/.exec(text)?.[0] ?? '';
}
