import { xmlEvents } from '../../format/xml.ts';
import { xmlText } from '../../format/xml-text.ts';
import { SluiceError } from '../../util/error.ts';

/** An element of a project's description. */
export interface PomElement {
  readonly name: string;
  readonly children: readonly PomElement[];
  /** The text directly inside of it, trimmed; of a long one, the beginning. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly children: PomElement[];
  text: string;
}

/** The deepest elements that are kept; those that say something are on the fifth level. */
const keptDepth = 8;
/** Characters of a text that are kept; names and versions have a tenth. */
const longestText = 1_000;

/**
 * The elements of an XML document, its root first, down to the level where nothing is looked for any more. Maven takes
 * the references of HTML (`&oslash;`) in names of people, which say nothing here.
 * @throws SluiceError `xml/...` when it is not XML
 */
export function pomTree(bytes: Buffer): PomElement {
  const open: OpenElement[] = [];
  let root: PomElement | undefined;
  for (const event of xmlEvents(xmlText(bytes), { keepNamed: true })) {
    const last = open.at(-1);
    if (event.kind === 'open') open.push({ name: event.name, children: [], text: '' });
    else if (last && event.kind === 'text') last.text += event.text.slice(0, longestText - last.text.length);
    else if (last) {
      open.pop();
      const element = { name: last.name, children: last.children, text: last.text.trim() };
      const around = open.at(-1);
      if (!around) root = element;
      else if (open.length < keptDepth) around.children.push(element);
    }
  }
  if (root) return root;
  throw new SluiceError('xml/malformed', 'the XML has no element');
}
