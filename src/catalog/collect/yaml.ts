import { Composer, type CST, type Document, isCollection, isMap, isPair, isScalar, Lexer, Parser } from 'yaml';
import { SluiceError } from '../../util/error.ts';

/** Largest text that is read, in characters: the library builds a hundred times as much of it. */
const longest = 1024 * 1024;
/** Most pieces (marks, keys, values, line ends) of a text. */
const mostPieces = 200_000;
/** Most aliases of a text: for each the library walks through all that stands before it. */
const mostAliases = 500;
/** Most documents of one text. */
const mostDocuments = 100;

/**
 * The documents of a YAML text (YAML 1.2). The library reads nested values by recursion, deep enough that the process
 * would end; so what it gets has been measured by its own lexer first, which needs none.
 * @throws SluiceError `config/...`, or what the library throws
 */
export function readYaml(text: string, deepest: number): unknown[] {
  if (text.length > longest) throw new SluiceError('config/too-large', `it is longer than ${longest} characters`);
  const composer = new Composer({ logLevel: 'silent', prettyErrors: false, uniqueKeys: false, merge: true });
  const values: unknown[] = [];
  for (const document of composer.compose(measured(text, deepest))) {
    if (values.length >= mostDocuments)
      throw new SluiceError('config/too-large', `it has more than ${mostDocuments} documents`);
    values.push(valueIn(document));
  }
  return values;
}

function valueIn(document: Document): unknown {
  if (document.errors.length > 0) throw new SluiceError('config/malformed', 'it is malformed');
  if (repeatsKeys(document)) throw new SluiceError('config/ambiguous', 'a map in it has a key twice');
  return document.toJS({ maxAliasCount: 100 }) as unknown;
}

/**
 * Whether a map has a key twice: some readers take the first, others the last, others neither. The library can tell as
 * well, in quadratic time.
 */
function repeatsKeys({ contents }: Document): boolean {
  const waiting: unknown[] = [contents];
  // Grows while it is walked.
  for (const node of waiting) {
    if (isPair(node)) waiting.push(node.key, node.value);
    if (!isCollection(node)) continue;
    const keys = isMap(node) ? node.items.map(({ key }) => (isScalar(key) ? String(key.value) : key)) : [];
    if (new Set(keys).size < keys.length) return true;
    for (const item of node.items) waiting.push(item);
  }
  return false;
}

/** The tokens of a text, as long as it is neither too deep nor too much. */
function* measured(text: string, deepest: number): Generator<CST.Token, void, undefined> {
  const parser = new Parser();
  let pieces = 0;
  let aliases = 0;
  for (const piece of new Lexer().lex(text)) {
    if (piece.startsWith('*')) aliases++;
    if (++pieces > mostPieces || aliases > mostAliases)
      throw new SluiceError('config/too-large', `it has more than ${mostPieces} pieces or ${mostAliases} aliases`);
    yield* parser.next(piece);
    if (parser.stack.length > deepest)
      throw new SluiceError('config/too-deep', `it nests deeper than ${deepest} levels`);
  }
  yield* parser.end();
}
