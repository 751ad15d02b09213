import { canonical, expressionOf, noAssertion } from './expression.ts';

/** Most licences that are told of one file; of more there is one that says so. */
const mostLicences = 100;
/** Longest name of a licence, in characters: what is longer is its text. */
const longestName = 120;
/** Characters at the beginning in which the form is told. */
const headLength = 2000;

/**
 * The licences that a machine-readable `copyright` file names for its files (Debian's copyright format 1.0, and what came
 * before it), as one SPDX expression; undefined when it is not in that form. What stands by itself under `License:` is the
 * text that a name stands for, and says nothing more.
 */
export function readDebianCopyright(text: string): string | undefined {
  const head = text.slice(0, headLength);
  if (!/^(?:Format|Format-Specification|Files|Upstream-Name|License):/im.test(head) || !/^License:/im.test(text)) {
    return undefined;
  }
  const names = statedNames(text);
  if (names.size === 0) return undefined;
  const parts = [...names].slice(0, mostLicences).map(expressionNamed);
  if (names.size > mostLicences) parts.push('LicenseRef-and-more');
  return joined(parts);
}

/** Expressions of which all hold. Those that say nothing count only where there is nothing else. */
export function joined(expressions: readonly string[]): string {
  const told = [...new Set(expressions)].filter((one) => one !== noAssertion).sort();
  if (told.length === 0) return noAssertion;
  return canonical(told.map((one) => (told.length > 1 ? `(${one})` : one)).join(' AND ')) ?? noAssertion;
}

/** The first lines of `License:` in stanzas that are about files, or about all of it. */
function statedNames(text: string): Set<string> {
  const names = new Set<string>();
  let [aboutFiles, first] = [false, true];
  let stated: string | undefined;
  let wants = false;
  const end = (): void => {
    if (stated !== undefined && (aboutFiles || first) && stated !== '' && stated.length <= longestName)
      names.add(stated);
    if (stated !== undefined || aboutFiles) first = false;
    [aboutFiles, stated, wants] = [false, undefined, false];
  };
  for (let from = 0; from < text.length; ) {
    const found = text.indexOf('\n', from);
    const to = found < 0 ? text.length : found;
    const line = text.slice(from, Math.min(to, from + 500));
    from = to + 1;
    if (line.trim() === '') end();
    else if (/^files:/i.test(line)) aboutFiles = true;
    else if (/^licen[cs]e:/i.test(line)) {
      stated = line.slice(8).trim();
      wants = stated === '';
    } else if (wants) {
      stated = line.trim();
      wants = false;
    }
  }
  end();
  return names;
}

/** Debian's short names are much like SPDX's; `Artistic` is the one of Perl, `_` joins what others write apart. */
function expressionNamed(name: string): string {
  const words = name
    .replaceAll('_', ' ')
    .replace(/\bartistic(?![- ]?\d)/gi, 'Artistic-1.0-Perl')
    .replace(/,\s+(?=and\b|or\b)/gi, ' ');
  const found = expressionOf(words);
  if (found !== noAssertion) return found;
  if (words.split(/\s+/).length > 4) return noAssertion;
  const own = words.replace(/[^A-Za-z0-9.-]+/g, '-').replace(/^-+|-+$/g, '');
  return own === '' ? noAssertion : `LicenseRef-${own}`;
}
