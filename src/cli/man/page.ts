import type { ReportFormat } from '../../report/contract.ts';
import type { Example } from '../command.ts';
import type { Flag } from '../flags.ts';

/** One command line of the manual. */
export interface ManualLine {
  /** `scan`, `db update`. */
  readonly name: string;
  readonly doc: string;
  /** What follows its name: `TARGET`. */
  readonly takes: string;
  readonly flags: readonly Flag[];
  readonly examples: readonly Example[];
}

/** All that the manual says. */
export interface Manual {
  readonly version: string;
  readonly lines: readonly ManualLine[];
  /** What `-o` can name. */
  readonly formats: readonly ReportFormat[];
}

/** The manual page in mdoc(7). It bears no date of its making, so that the same sluice gives the same page. */
export function manualPage({ version, lines, formats }: Manual): string {
  return [
    `.\\" Written by: sluice man`,
    '.Dd $Mdocdate$',
    '.Dt SLUICE 1',
    '.Os',
    ...section('NAME', '.Nm sluice', '.Nd one gate for container images'),
    ...section('SYNOPSIS', '.Nm sluice', '.Ar command', '.Op Ar operand ...', '.Op Ar flag ...'),
    ...section(
      'DESCRIPTION',
      '.Nm',
      ...prose(
        'looks into a container image: its packages and their known vulnerabilities, the secrets that it gives away, ' +
          'how it is set up, and its licences. It decides by policy: the build goes on, or it stops with a reason and ' +
          'the change that ends it. It needs no daemon, and no network once it has its data.',
      ),
      '.Pp',
      ...prose(
        'A target is an archive of an image (docker save, OCI), an OCI layout folder, a root filesystem or source ' +
          'folder, a Dockerfile, a bill of materials, or the reference of an image in a registry.',
      ),
    ),
    ...section('COMMANDS', ...lines.flatMap(commandPart)),
    ...section(
      'REPORT FORMATS',
      ...prose('What -o can name, each to a file with =PATH:'),
      '.Bl -tag -width Ds',
      ...formats.flatMap(({ id, doc, versions = [] }) =>
        item(
          `.Cm ${text(id)}`,
          `${doc}${versions.length === 0 ? '' : `: ${versions.map((one) => `${id}@${one}`).join(', ')}`}`,
        ),
      ),
      '.El',
    ),
    ...section(
      'ENVIRONMENT',
      '.Bl -tag -width Ds',
      ...item('.Ev SLUICE_FLAG', 'stands for the flag of that name, as SLUICE_CACHE_DIR for --cache-dir.'),
      ...item('.Ev NO_COLOR', 'no colours, also on a terminal.'),
      ...item('.Ev SOURCE_DATE_EPOCH', 'the time that reports bear where their format asks for one.'),
      ...item('.Ev SLUICE_DEBUG', 'shows where in the program an error came up.'),
      '.El',
    ),
    ...section(
      'FILES',
      '.Bl -tag -width Ds',
      ...item('.Pa sluice.yaml', 'the policy, in the working folder or above.'),
      ...item('.Pa sluice.waivers.yaml', 'what may pass until a day, beside it.'),
      ...item('.Pa ~/.cache/sluice', 'vulnerability data, and what is known of layers.'),
      '.El',
    ),
    ...section(
      'EXIT STATUS',
      '.Bl -tag -width Ds',
      ...item('0', 'pass, or warn.'),
      ...item('1', 'the work could not be done; standard error says why, and what to do next.'),
      ...item('2', 'the gate says stop.'),
      ...item('3', 'undecided: something hid from sluice, or its data is missing or too old.'),
      '.El',
    ),
    ...section('EXAMPLES', ...exampleList(firstExamples(lines))),
    ...section('HISTORY', ...prose(`This is the manual of sluice ${version}.`)),
    '',
  ].join('\n');
}

/** The first example of each command: together they show what there is. */
function firstExamples(lines: readonly ManualLine[]): Example[] {
  return lines.flatMap(({ examples: [first] }) => (first ? [first] : []));
}

function section(name: string, ...lines: readonly string[]): string[] {
  return [`.Sh ${name}`, ...lines];
}

function commandPart({ name, doc, takes, flags, examples }: ManualLine): string[] {
  const [first = '', ...rest] = doc;
  return [
    `.Ss sluice ${name}${takes === '' ? '' : ` ${ended(text(takes))}`}`,
    ...prose(`${first.toUpperCase()}${rest.join('')}.`),
    ...(flags.length === 0 ? [] : ['.Bl -tag -width Ds', ...flags.flatMap(flagItem), '.El']),
    ...(examples.length === 0 ? [] : ['.Pp', 'For example:', ...exampleList(examples)]),
  ];
}

function flagItem({ name, short, value, doc }: Flag): string[] {
  const long = `Fl -${name.replaceAll('-', '\\-')}${value === undefined ? '' : ` Ar ${argument(value)}`}`;
  return item(`.${short === undefined ? '' : `Fl ${short} , `}${long}`, doc);
}

function item(head: string, doc: string): string[] {
  return [head.startsWith('.') ? `.It ${head.slice(1)}` : `.It ${head}`, ...prose(doc)];
}

/** Examples as a list: what may be typed, and what it is for. */
function exampleList(examples: readonly Example[]): string[] {
  return ['.Bl -tag -width Ds', ...examples.flatMap(({ line, doc }) => item(`.Li ${argument(line)}`, doc)), '.El'];
}

/** One argument of a macro: in quotes, within which a quote is written twice. */
function argument(words: string): string {
  return `"${ended(text(words)).replaceAll('"', '""')}"`;
}

/** What ends with a mark of punctuation would be set as the end of a sentence. */
function ended(words: string): string {
  return /[.,:;?!)\]]$/.test(words) ? `${words}\\&` : words;
}

/** Bytes of a line, at most: what reads roff complains of more than 80. */
const widest = 78;

/** Running text: a sentence begins a line, and a line that begins with a dot or an apostrophe would be a macro. */
function prose(words: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text(words).split(' ')) {
    if (line !== '' && (line.length + 1 + word.length > widest || /[a-z)][.!?]$/.test(line))) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => (/^[.']/.test(one) ? `\\&${one}` : one));
}

/** Text for roff: its escapes, and what is not ASCII by its number (groff_char(7)). */
function text(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(
      /[^\x20-\x7e]/gu,
      (letter) => `\\[u${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}
