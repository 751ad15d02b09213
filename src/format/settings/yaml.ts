import { Composer, type CST, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, Parser } from 'yaml';
import { SluiceError } from '../../util/error.ts';
import { type ConfigurationText, type Include, mostSettings, type Settings } from './contract.ts';
import { Gatherer } from './gather.ts';
import { addTree, deepestValue, type Tree } from './tree.ts';

/** Largest text that is read (UTF-16 units): the library builds a hundred times as much of it. */
const longest = 1024 * 1024;
/** Most pieces (marks, keys, values, line ends) of a text. */
const mostPieces = 200_000;

/** Reads YAML 1.2; of an alias only a text is followed. @throws SluiceError `config/...`, or what the library throws */
export function readYamlSettings(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('last', include);
  return gatherer.gather(file, ({ text, path }) => {
    if (text.length > longest) throw new SluiceError('config/too-large', `it is longer than ${longest} characters`);
    const lines = new LineCounter();
    lines.addNewLine(0);
    const composer = new Composer({ logLevel: 'silent', prettyErrors: false, uniqueKeys: false });
    for (const document of composer.compose(measured(text, new Parser(lines.addNewLine)))) {
      if (document.errors.length > 0) throw new SluiceError('config/malformed', 'it is malformed');
      const texts = new Map<string, string>();
      addTree(gatherer, treeOf(document.contents, { lines, texts, left: mostSettings }), path);
      if (gatherer.full) return;
    }
  });
}

/** The tokens of a text, as long as it is neither too deep nor too much: the library reads nested values by recursion. */
function* measured(text: string, parser: Parser): Generator<CST.Token, void, undefined> {
  let pieces = 0;
  for (const piece of new Lexer().lex(text)) {
    if (++pieces > mostPieces) throw new SluiceError('config/too-large', `it has more than ${mostPieces} pieces`);
    yield* parser.next(piece);
    // Each level of a map takes two: for itself, and for what is read of it.
    if (parser.stack.length > 2 * deepestValue)
      throw new SluiceError('config/too-deep', `it nests deeper than ${deepestValue} levels`);
  }
  yield* parser.end();
}

interface Reading {
  readonly lines: LineCounter;
  /** Texts by their anchors. */
  readonly texts: Map<string, string>;
  left: number;
}

/** As deep as the tokens, whose depth is limited. */
function treeOf(node: Node | null, reading: Reading): Tree {
  const line = node?.range ? reading.lines.linePos(node.range[0]).line : 0;
  if (reading.left-- <= 0 || node === null) return { kind: 'text', text: '', line };
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => treeOf(item as Node | null, reading)), line };
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => {
      const name = key as Node | null;
      const at = name?.range ? reading.lines.linePos(name.range[0]).line : line;
      return [textOf(name, reading), treeOf(value as Node | null, reading), at] as const;
    });
    return { kind: 'map', entries, line };
  }
  return { kind: 'text', text: textOf(node, reading), line };
}

/** A scalar as it is written, so that `0755` and `1.10` stay what they are; `null` is empty. */
function textOf(node: Node | null, { texts }: Reading): string {
  if (isAlias(node)) return texts.get(node.source) ?? '';
  if (!isScalar(node) || node.value === null) return '';
  const text = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  if (node.anchor !== undefined) texts.set(node.anchor, text);
  return text;
}
