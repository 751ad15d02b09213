import type { SecretRule } from '../../../src/detect/secrets/contract.ts';
import { anchorsOf } from '../../../src/detect/secrets/pattern/anchor.ts';
import { inBytes } from '../../../src/detect/secrets/pattern/bytes.ts';
import { has, type PatternNode } from '../../../src/detect/secrets/pattern/node.ts';
import { parsePattern } from '../../../src/detect/secrets/pattern/parse.ts';

/** Texts of about a megabyte that are hard for one rule: its words and what nearly matches, again and again. */
export function hostileTexts(rule: SecretRule, size = 1_000_000): ReadonlyMap<string, Buffer> {
  const node = inBytes(parsePattern(rule.pattern!));
  const texts = new Map<string, Buffer>();
  const put = (name: string, unit: string): void => {
    if (unit !== '') texts.set(name, Buffer.from(unit.repeat(Math.ceil(size / unit.length)), 'latin1'));
  };
  for (const keyword of rule.keywords.slice(0, 4)) {
    put(`keyword ${keyword}`, keyword);
    put(`keyword ${keyword} apart`, `${keyword} `);
    put(`keyword ${keyword} and =`, `${keyword}=`);
  }
  for (const { word } of anchorsOf(node)?.slice(0, 4) ?? []) put(`word ${word}`, word);
  const shortest = exampleOf(node, 'min');
  const longest = exampleOf(node, 'max');
  for (const [name, example] of [
    ['shortest', shortest],
    ['longest', longest],
  ] as const) {
    put(`${name} without its end`, example.slice(0, -1));
    put(`${name} without its end, apart`, `${example.slice(0, -1)}\x01`);
    put(`half of the ${name}`, example.slice(0, Math.ceil(example.length / 2)));
    // Beginnings within beginnings: many places to start from, each with a long way to go.
    put(`${name} cut short and grown`, example.slice(0, 12) + longest.slice(-Math.min(300, longest.length), -1));
  }
  return texts;
}

/** A text that the pattern matches, of as few or of as many characters as it may (within bounds). */
function exampleOf(node: PatternNode, by: 'min' | 'max'): string {
  switch (node.kind) {
    case 'one':
      return String.fromCharCode(letterOf(node.of));
    case 'cat':
      return node.items.map((item) => exampleOf(item, by)).join('');
    case 'alt': {
      const all = node.items.map((item) => exampleOf(item, by)).sort((a, b) => a.length - b.length);
      return (by === 'min' ? all[0] : all.at(-1))!;
    }
    case 'group':
      return exampleOf(node.of, by);
    case 'repeat':
      return exampleOf(node.of, by).repeat(by === 'min' ? node.min : Math.min(node.max, 1000));
    default:
      return '';
  }
}

/** A character of the set that words are made of, if there is one. */
function letterOf(set: readonly number[]): number {
  for (const char of 'aA0_-.=+/ "') if (has(set, char.charCodeAt(0))) return char.charCodeAt(0);
  return set[0]!;
}
