import type { ImageFacts } from '../../model/image-facts.ts';

/** The configuration of an image, as far as it says what is started. */
type StartFacts = Pick<ImageFacts, 'entrypoint' | 'cmd' | 'healthcheck' | 'workingDir' | 'env'>;

/** Where commands are looked for when the image does not say (containerd, Docker). */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Most words of commands that are looked at, folders of the search path, and characters of one word. */
const mostWords = 500;
const mostFolders = 50;
const longestWord = 1_000;

/**
 * The words of what a container starts, in order: entrypoint, then command. What is given to a shell as one text is taken
 * apart.
 */
export function startWords({ entrypoint, cmd }: Pick<StartFacts, 'entrypoint' | 'cmd'>): readonly string[] {
  return wordsOf([...entrypoint, ...cmd]);
}

/**
 * Absolute paths of the files that a container may start or give to an interpreter, and that its health check runs: each
 * word of these commands is looked for as a command in the search path and as a file in the working folder.
 */
export function startedPaths(facts: StartFacts): ReadonlySet<string> {
  const { workingDir, env } = facts;
  const path = env.find(({ name }) => name === 'PATH')?.value ?? usualPath;
  const folders = path.slice(0, mostFolders * longestWord).split(':', mostFolders);
  const paths = new Set<string>();
  for (const word of wordsOf(commandsOf(facts))) {
    if (word.startsWith('/')) paths.add(clean(word));
    else {
      paths.add(clean(`${workingDir}/${word}`));
      if (!word.includes('/')) for (const folder of folders) paths.add(clean(`${folder}/${word}`));
    }
  }
  return paths;
}

/**
 * The folders of files that are started or given to an interpreter, as far as the words alone tell: whoever may write
 * there exchanges them.
 */
export function startedFolders(facts: StartFacts): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const word of wordsOf(commandsOf(facts))) {
    const isFile = word.includes('/')
      ? !word.includes(':') && !word.startsWith('-')
      : /\.(?:js|mjs|py|sh|rb|pl|php|jar)$/.test(word);
    if (isFile) folders.add(clean(word.startsWith('/') ? `${word}/..` : `${facts.workingDir}/${word}/..`));
  }
  return folders;
}

function commandsOf({ entrypoint, cmd, healthcheck }: StartFacts): string[] {
  const [form, ...check] = healthcheck;
  return [...entrypoint, ...cmd, ...(form === 'NONE' ? [] : check)];
}

/** What may be a file or a command: neither an option nor a setting. */
function wordsOf(words: readonly string[]): string[] {
  const found: string[] = [];
  for (const word of words) {
    for (const piece of word.slice(0, longestWord).split(/[\s;&|"'`()<>]+/)) {
      if (found.length >= mostWords) return found;
      if (piece !== '') found.push(piece);
    }
  }
  return found;
}

/** A path without empty steps, `.` and `..`. */
function clean(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}
