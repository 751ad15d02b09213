import { anchorsOf, withoutLead } from '../../detect/secrets/pattern/anchor.ts';
import { parsePattern } from '../../detect/secrets/pattern/parse.ts';
import type { Expression, Node } from '../../policy/expression/node.ts';
import type { RuleWords } from '../contract.ts';

/** Most words that are kept of a rule: to look for more takes longer than to match. */
const mostWords = 40;

/**
 * Words of which a text field of the subject must have one, or the condition is false: told by a regular expression that
 * must be found in it. Most texts have none, and to compile an expression takes milliseconds.
 */
export function wordsOf({ node }: Expression, variable: string): RuleWords | undefined {
  for (const part of conjuncts(node)) {
    if (part.op !== 'call' || part.fn !== 'matches') continue;
    const [of, pattern] = part.args;
    if (of?.op !== 'field' || of.of.op !== 'var' || of.of.name !== variable) continue;
    const words = pattern?.op === 'const' && typeof pattern.value === 'string' ? wordsIn(pattern.value) : undefined;
    if (words) return { field: of.name, words };
  }
  return undefined;
}

/** The parts that must all be true. */
function conjuncts(node: Node): readonly Node[] {
  return node.op === 'and' ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node];
}

function wordsIn(pattern: string): readonly string[] | undefined {
  // Where letters stand for others of Unicode, small letters alone do not tell.
  if (pattern.includes('(?')) return undefined;
  try {
    const anchors = anchorsOf(withoutLead(parsePattern(pattern)));
    const words = [...new Set(anchors?.map(({ word }) => word))].sort();
    return words.length > 0 && words.length <= mostWords ? words : undefined;
  } catch {
    // Whether it is a pattern at all is for the engine to say.
    return undefined;
  }
}
