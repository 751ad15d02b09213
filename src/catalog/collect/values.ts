import type { XmlElement } from '../../format/xml-tree.ts';
import type { ValueQuery } from '../../model/collected.ts';
import { SluiceError } from '../../util/error.ts';
import { parseJson, repeatsMembers } from '../../util/json.ts';
import { hiddenValue, looksSecret } from '../../util/secret-value.ts';
import { parseIni } from './ini.ts';
import { pointerSteps, valueAt } from './pointer.ts';

/** Longest value that is kept, in characters. */
const longestValue = 4_096;

/** How deep a document may nest. */
const deepest = 200;

/** The formats of {@link ValueQuery}. */
export type ValueFormat = ValueQuery['format'];

/** A configuration file as it was read: finds what stands at a pointer, as text; undefined when nothing does. */
export type ReadDocument = (steps: readonly string[]) => string | undefined;

/** Reads a configuration file of one format. @throws SluiceError, or what a library throws, when it is not of the format */
export type DocumentReader = (bytes: Buffer) => ReadDocument;

/** What reads a format; the libraries of those that are not asked for are not loaded. */
export async function documentReader(format: ValueFormat): Promise<DocumentReader> {
  switch (format) {
    case 'json':
      return (bytes) => inValues([plainJson(bytes)]);
    case 'ini':
      return (bytes) => inIni(plainText(bytes));
    case 'yaml': {
      const { readYaml } = await import('./yaml.ts');
      return (bytes) => inValues(readYaml(plainText(bytes), deepest));
    }
    case 'toml': {
      const { readToml } = await import('./toml.ts');
      return (bytes) => inValues([readToml(plainText(bytes), deepest)]);
    }
    case 'xml': {
      const { parseXml } = await import('../../format/xml-tree.ts');
      return (bytes) => inXml(parseXml(plainXml(bytes)));
    }
  }
}

/** JSON on which all readers agree: of two members with one name some take the first, others the last. @throws SluiceError */
function plainJson(bytes: Buffer): unknown {
  const value = parseJson(bytes, deepest);
  if (repeatsMembers(bytes, value)) throw new SluiceError('config/ambiguous', 'an object in it has a member twice');
  return value;
}

/** Text in UTF-8. In UTF-16, which some programs read as well, nothing would be found where they find it. @throws SluiceError */
function plainText(bytes: Buffer): string {
  if (bytes.includes(0)) throw new SluiceError('config/encoding', 'it is no text in UTF-8');
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** XML in an encoding in which ASCII is ASCII: as UTF-7 or EBCDIC it would say other things. @throws SluiceError */
function plainXml(bytes: Buffer): string {
  const text = plainText(bytes);
  const declared = /^<\?xml[^>]{0,200}?\sencoding\s{0,20}=\s{0,20}["']([^"']{0,100})/.exec(text)?.[1];
  if (declared === undefined || /^(?:utf-?8|(?:us-)?ascii|iso-8859-\d+|latin-?1|windows-125\d)$/i.test(declared))
    return text;
  throw new SluiceError('config/encoding', 'it is no text in UTF-8');
}

/** The value of a query as reports show it: what looks like a secret is hidden. Undefined when there is none. @throws Error when it can't be shown */
export function shownValue(read: ReadDocument, at: string): string | undefined {
  const steps = pointerSteps(at);
  const value = steps && read(steps);
  if (steps === undefined || value === undefined) return undefined;
  if (looksSecret(steps.at(-1) ?? '', value)) return hiddenValue;
  return value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;
}

/** In the first of several documents that has it. */
function inValues(values: readonly unknown[]): ReadDocument {
  return (steps) => {
    for (const value of values) {
      const found = valueAt(value, steps);
      if (found !== undefined) return textOf(found);
    }
    return undefined;
  };
}

/** Lists and objects as JSON. @throws Error of YAML that holds itself */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? '';
}

/** `/section/key`; what stands before the first section is `//key` or `/key`. */
function inIni(text: string): ReadDocument {
  const { sections, whole } = parseIni(text);
  if (!whole) throw new SluiceError('config/too-large', 'it has too many keys, or too long a line');
  return (steps) => {
    const [first, second, ...more] = steps;
    if (first === undefined || more.length > 0) return undefined;
    return second === undefined ? sections.get('')?.get(first) : sections.get(first)?.get(second);
  };
}

/** Elements by name from the root on, `@attribute` at the end, a number after a name for another than the first of that name. */
function inXml(root: XmlElement): ReadDocument {
  return (steps) => {
    const [first, ...more] = steps;
    let at: readonly XmlElement[] = first === root.name ? [root] : [];
    for (const [index, step] of more.entries()) {
      if (step.startsWith('@')) {
        const holder = at.find(({ attributes }) => attributes.has(step.slice(1)));
        return index === more.length - 1 ? holder?.attributes.get(step.slice(1)) : undefined;
      }
      if (/^\d{1,9}$/.test(step)) at = at.slice(Number(step), Number(step) + 1);
      else at = at.flatMap(({ children }) => children.filter(({ name }) => name === step));
    }
    return at[0]?.text;
  };
}
