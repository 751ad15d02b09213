import type { Assertion, CharSet, PatternNode } from '../../../../src/detect/secrets/pattern/node.ts';

type Then = (at: number) => boolean;

/**
 * How many characters and assertions a matcher that goes back looks at, from the begin of a text to the first match or until
 * there is no other way; a match itself is a step.
 */
export function stepsOf(pattern: PatternNode, text: string): number {
  let steps = 0;
  const match = (node: PatternNode, at: number, then: Then): boolean => {
    switch (node.kind) {
      case 'empty':
        return then(at);
      case 'assert':
        steps++;
        return holds(node.what, text, at) && then(at);
      case 'one':
        steps++;
        return at < text.length && has(node.of, text.charCodeAt(at)) && then(at + 1);
      case 'group':
        return match(node.of, at, then);
      case 'cat':
        return sequence(node.items, at, then);
      case 'alt':
        return node.items.some((item) => match(item, at, then));
      case 'repeat':
        return repeat(node, 0, at, then);
    }
  };
  const sequence = ([first, ...rest]: readonly PatternNode[], at: number, then: Then): boolean =>
    first === undefined ? then(at) : match(first, at, (next) => sequence(rest, next, then));
  const repeat = (node: Extract<PatternNode, { kind: 'repeat' }>, times: number, at: number, then: Then): boolean => {
    const { of, min, max, lazy } = node;
    // A turn that takes nothing is none: it would come again and again.
    const more = (): boolean =>
      times < max && match(of, at, (next) => (next > at || times < min) && repeat(node, times + 1, next, then));
    if (times < min) return more();
    return lazy ? then(at) || more() : more() || then(at);
  };
  match(pattern, 0, () => {
    steps++;
    return true;
  });
  return steps;
}

function has(set: CharSet, code: number): boolean {
  for (let at = 0; at < set.length; at += 2) if (code >= set[at]! && code <= set[at + 1]!) return true;
  return false;
}

function holds(what: Assertion, text: string, at: number): boolean {
  const isWord = (place: number): boolean => /^\w$/.test(text.charAt(place));
  switch (what) {
    case 'begin':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'line-begin':
      return at === 0 || text[at - 1] === '\n';
    case 'line-end':
      return at === text.length || text[at] === '\n';
    case 'word':
      return isWord(at - 1) !== isWord(at);
    case 'not-word':
      return isWord(at - 1) === isWord(at);
  }
}
