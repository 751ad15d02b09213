import type { Completed, Line } from './table.ts';

/** The completion for fish 3 and later. */
export function fishCompletion(lines: readonly Line[]): string {
  const commands = lines.filter(({ words }) => words.length === 1);
  return `# fish completion of sluice. Written by: sluice completion fish

# Whether these words stand behind sluice, and no action of the last of them where actions are given behind --.
function __sluice_at
    set -l typed (commandline -opc)
    set -e typed[1]
    set -l split (contains -i -- -- $argv; or math (count $argv) + 1)
    set -l wanted
    test $split -gt 1; and set wanted $argv[1..(math $split - 1)]
    test (count $typed) -ge (count $wanted); or return 1
    for i in (seq (count $wanted))
        test "$typed[$i]" = "$wanted[$i]"; or return 1
    end
    set -l next (math (count $wanted) + 1)
    test $split -lt (count $argv); or return 0
    not contains -- "$typed[$next]" $argv[(math $split + 1)..-1]
end

# Reports, each of which may go on with = and a path.
function __sluice_report
    set -l typed (commandline -ct)
    if string match -q '*=*' -- $typed
        set -l named (string replace -r '=.*' '=' -- $typed)
        for path in (__fish_complete_path (string replace -r '^[^=]*=' '' -- $typed))
            echo $named$path
        end
    else
        printf '%s\\n' $argv
    end
end

complete -c sluice -f
complete -c sluice -n 'test (count (commandline -opc)) -eq 1' -s V -l version -d 'show the version'
complete -c sluice -n 'test (count (commandline -opc)) -eq 1' -s h -l help -d 'show the commands'
${commands.map(({ words, doc }) => `complete -c sluice -n 'test (count (commandline -opc)) -eq 1' -a ${words[0]} -d ${quoted(doc)}`).join('\n')}
${lines.map(ofLine).join('\n')}
`;
}

function ofLine({ words, flags, operands, actions }: Line): string {
  const path = words.join(' ');
  const names = actions.map(({ name }) => name);
  const at = `complete -c sluice -n ${quoted(`__sluice_at ${path}${names.length === 0 ? '' : ` -- ${names.join(' ')}`}`)}`;
  const chosen = `complete -c sluice -n ${quoted(`__sluice_at ${path}; and test (count (commandline -opc)) -eq 2`)}`;
  return [
    '',
    `# sluice ${path}`,
    ...actions.map(({ name, doc }) => `${chosen} -a ${name} -d ${quoted(doc)}`),
    ...flags.map(({ flag, completed }) => {
      const short = flag.short ? ` -s ${flag.short}` : '';
      return `${at}${short} -l ${flag.name}${flag.value === undefined ? '' : flagValue(completed)} -d ${quoted(flag.doc)}`;
    }),
    ...(operands.with === 'nothing' ? [] : [`${at}${operandOf(operands)}`]),
  ].join('\n');
}

function flagValue(completed: Completed): string {
  if (completed.with !== 'words') return placeOf(completed.with, ' -x');
  const { words, form } = completed;
  if (form === 'path') return ` -x -a ${quoted(`(__sluice_report ${words.join(' ')})`)}`;
  if (form === 'list') return ` -x -a ${quoted(`(__fish_append , ${words.join(' ')})`)}`;
  return ` ${completed.files ? '-r -F' : '-x'} -a ${quoted(words.join(' '))}`;
}

function operandOf(completed: Completed): string {
  return completed.with === 'words' ? ` -a ${quoted(completed.words.join(' '))}` : placeOf(completed.with, '', ' -F');
}

function placeOf(kind: 'nothing' | 'files' | 'folders', nothing: string, files = ' -r -F'): string {
  if (kind === 'folders') return ` -x -a '(__fish_complete_directories)'`;
  return kind === 'files' ? files : nothing;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
