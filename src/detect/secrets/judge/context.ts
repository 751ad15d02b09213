/** Folders and names of what is no running software: tests, examples, documentation. */
const exampleFolder =
  /(?:^|\/)(?:tests?|__tests__|specs?|testdata|test-data|fixtures?|__fixtures__|mocks?|__mocks__|examples?|samples?|docs?|documentation|demos?|e2e|cassettes|vcr|tutorials?)(?:\/|$)/i;
const exampleName =
  /(?:^|[/._-])(?:tests?|example|sample|fixture|mock|template|tmpl)(?:[._-][\w.-]{0,60})?$|[._-](?:spec\.(?:[cm]?[jt]sx?|rb|py)|dist)$|(?:^|\/)(?:test_[\w.-]{1,100}|(?:readme|changelog|contributing)(?:\.[\w.]{1,20})?|(?:changes|history|news)\.(?:md|rst|txt|adoc))$|\.(?:md|rst|adoc|markdown|mdx|d\.ts)$/i;
/** A line that is a comment in one of the usual languages. */
const commentLine =
  /^\s*(?:#(?!!|\s*(?:define|if|include|pragma)\b|[\w-]{1,64}\s?[{,])|\/\/|\*(?!\s+[\d*/])|\/\*|<!--|;|--\s|rem\s|dnl\s)/i;
/** A line of `.npmrc` that logs in to a registry: what begins it is an address. */
const registryLine = /^\s*\/\/[\w.:[\]-]{1,255}\/[^\s#]{0,255}:(?:_|username|email)/i;
/** Files in which `#` begins a heading. */
const headingFile = /\.(?:md|mdx|markdown|adoc)$/i;
/** A name that tells that its value is a secret, right in front of a value. */
const tellingName =
  /(?:passw(?:or)?d|passwd|passphrase|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|credential|auth)[\w.-]{0,20}["'`]?\s{0,3}(?:=|:|=>|:=|,|\()\s{0,3}["'`]?$/i;
/** Words round a value that say it is none that counts; in the name of a host they say nothing of what is in front of it. */
const exampleWord =
  /(?<![\w.@/-])(?:example|sample|dummy|fake|placeholder|lorem)(?![\w@/-]|\.\w)|\b(?:e\.g\.|for testing\b|test (?:key|token|password|secret)\b|do not use\b)/i;

/** What the place of a secret says of it. */
export interface Context {
  /** To be added to the score. */
  readonly change: number;
  /** Short phrases for people. */
  readonly notes: readonly string[];
}

/** By path, the line, and what stands in front of the value in it: what tells of tests and examples lowers, a telling name raises. */
export function contextOf(path: string, line: string, before: string): Context {
  let change = 0;
  const notes: string[] = [];
  if (exampleFolder.test(path) || exampleName.test(path)) {
    change -= 20;
    notes.push('in a test, an example or documentation');
  }
  if (commentLine.test(line) && !registryLine.test(line) && !headingFile.test(path)) {
    change -= 10;
    notes.push('in a comment');
  }
  if (exampleWord.test(line)) {
    change -= 20;
    notes.push('said to be an example');
  }
  if (tellingName.test(before.slice(-80))) change += 10;
  return { change, notes };
}

/** Whether the line says that what is in it is meant to be there. */
export function isAllowedBy(line: string): boolean {
  return line.includes('sluice:allow') || line.includes('gitleaks:allow');
}
