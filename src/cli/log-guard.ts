import { withoutLogCommands } from '../util/log-commands.ts';
import { changeAll } from './standard-streams.ts';

/** Commands that show names from an image to people. */
const showing = new Set(['scan', 'gate', 'diff', 'explain', 'fix', 'inventory', 'licences', 'secrets']);

/**
 * Keeps names from an image from giving the CI system commands, where the log is read by one that takes them. A report for
 * programs that goes to standard output stays as it is: whoever asks for one reads it, and not the log.
 */
export function guardLog(command: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  if (showing.has(command) && !writesForPrograms(args, env.SLUICE_OUTPUT)) changeAll(withoutLogCommands);
}

/** Whether any `-o` without a path names another format than the table. */
function writesForPrograms(args: readonly string[], fromEnv: string | undefined): boolean {
  const named = args.flatMap((word, i): string[] => {
    if (word === '-o' || word === '--output') return [args[i + 1] ?? ''];
    if (word.startsWith('--output=')) return [word.slice('--output='.length)];
    // Also behind other short flags, as in `-qo json`.
    const short = /^-[a-z]*?o(.*)$/i.exec(word);
    return short && !word.startsWith('--') ? [short[1] === '' ? (args[i + 1] ?? '') : (short[1] ?? '')] : [];
  });
  const asked = named.length > 0 ? named : [fromEnv ?? ''];
  return asked.some((text) => text !== '' && !text.includes('=') && text !== 'table');
}
