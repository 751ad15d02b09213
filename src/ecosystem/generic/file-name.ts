import type { EntryHead } from '../contract.ts';
import type { Program } from './program.ts';
import { type NamedProgram, programs, pythonOf } from './programs.ts';
import { isDigit } from './version-text.ts';

/** Any of the three execute permissions. */
const executeBits = 0o111;
const point = 0x2e;
const hyphen = 0x2d;

/** What may follow a name: nothing, numbers with points, or what a shared object's name ends with. */
type Ending = 'none' | 'numbers' | 'library';

interface Form {
  readonly text: string;
  readonly ending: Ending;
  /** Absent: Python, of the line that the name says. */
  readonly program?: Program;
}

/** The forms of names by their first two letters, so that nearly every file is compared with none. */
const formsByLetters: readonly (readonly Form[] | undefined)[] = tableOf([
  ...programs.flatMap(formsOf),
  { text: 'python', ending: 'numbers' },
  { text: 'libpython', ending: 'library' },
]);

function formsOf({ program, files = [], numbered = [], libraries = [] }: NamedProgram): Form[] {
  const form = (ending: Ending) => (text: string) => ({ text, ending, program });
  return [...files.map(form('none')), ...numbered.map(form('numbers')), ...libraries.map(form('library'))];
}

function tableOf(forms: readonly Form[]): readonly (readonly Form[] | undefined)[] {
  const table: (Form[] | undefined)[] = Array.from({ length: 128 * 128 });
  for (const form of forms) {
    const slot = slotOf(form.text, 0);
    const known = table[slot];
    if (known) known.push(form);
    else table[slot] = [form];
  }
  return table;
}

function slotOf(path: string, start: number): number {
  return path.charCodeAt(start) * 128 + path.charCodeAt(start + 1);
}

/** Whether a file may be one of the known programs and libraries: by its name, and for a program by its permissions. */
export function isProgramName(path: string, { mode }: EntryHead): boolean {
  const form = formOf(path);
  if (form === undefined) return false;
  if ((mode & executeBits) === 0 && form.ending !== 'library' && !path.includes('.so')) return false;
  return form.program !== undefined || pythonLine(path, form) !== undefined;
}

/** The program that a file of this name is, if it is any. */
export function programOf(path: string): Program | undefined {
  const form = formOf(path);
  if (form?.program || form === undefined) return form?.program;
  const line = pythonLine(path, form);
  return line === undefined ? undefined : pythonOf(line);
}

/** Names that BusyBox and Dropbear have for themselves too: one body may have several of them, and is not the program of each. */
const sharedNames = new Set(['busybox', 'bash', 'httpd', 'wget', 'xz', 'dropbear', 'dropbearmulti', 'dbclient']);

/** Whether a body that has this name is the program of that name or none that has a name of its own. */
export function isOwnName(path: string): boolean {
  const form = formOf(path);
  return form !== undefined && !sharedNames.has(form.text);
}

function formOf(path: string): Form | undefined {
  const start = path.lastIndexOf('/') + 1;
  const forms = formsByLetters[slotOf(path, start)];
  if (forms === undefined) return undefined;
  for (const form of forms) {
    if (path.startsWith(form.text, start) && endsAs(form.ending, path, start + form.text.length)) return form;
  }
  return undefined;
}

function endsAs(ending: Ending, path: string, from: number): boolean {
  if (ending === 'none') return from === path.length;
  if (ending === 'library') return endsAsLibrary(path, from);
  let at = from;
  while (at < path.length && isNumberPart(path.charCodeAt(at))) at++;
  // Builds of Python mark themselves: `python3.7m`, `python3.13t`.
  return at === path.length || (at === path.length - 1 && at > from && 'mtd'.includes(path.charAt(at)));
}

/** `.so`, `.so.1.2`, `3.11.so.1.0`, `-1a2b3c4d.so.3`. */
function endsAsLibrary(path: string, from: number): boolean {
  const next = path.charCodeAt(from);
  if (!isNumberPart(next) && next !== hyphen) return false;
  const so = path.indexOf('.so', from);
  if (so < 0) return false;
  return so + 3 === path.length || path.charCodeAt(so + 3) === point;
}

function isNumberPart(code: number): boolean {
  return isDigit(code) || code === point;
}

/** `3.12` of `python3.12` and `libpython3.12.so.1.0`. */
function pythonLine(path: string, { text }: Form): string | undefined {
  const start = path.lastIndexOf('/') + 1 + text.length;
  const major = path.charCodeAt(start);
  if ((major !== 0x32 && major !== 0x33) || path.charCodeAt(start + 1) !== point) return undefined;
  let end = start + 2;
  while (end - start < 5 && isDigit(path.charCodeAt(end))) end++;
  return end > start + 2 && end - start < 5 ? path.slice(start, end) : undefined;
}
