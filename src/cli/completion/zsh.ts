import type { Flag } from '../flags.ts';
import type { Completed, Line } from './table.ts';

/** The completion for zsh: a file `_sluice` in a folder of $fpath, or to be sourced. */
export function zshCompletion(lines: readonly Line[]): string {
  const commands = lines.filter(({ words }) => words.length === 1);
  const described = commands.map(({ words, doc }) => `    ${quoted(`${words[0]}:${doc}`)}`);
  return `#compdef sluice
# zsh completion of sluice. Written by: sluice completion zsh

_sluice() {
  local curcontext="$curcontext" state line
  local -a commands
  commands=(
${described.join('\n')}
    'help:show what a command takes'
  )
  _arguments -C '(- *)'{-h,--help}'[show the commands]' '(- *)'{-V,--version}'[show the version]' \\
    '1: :{_describe command commands}' '*:: :->rest'
  [[ $state == rest ]] || return
  case $line[1] in
${commands.map((line) => `    ${line.words[0]})\n${ofCommand(line, lines)}      ;;`).join('\n')}
    help) _describe command commands ;;
  esac
}

_sluice_report() {
  if compset -P '*='; then _files; else compadd -S '' -- "$@"; fi
}

if [[ $funcstack[1] == _sluice ]]; then _sluice "$@"; else compdef _sluice sluice; fi
`;
}

/** A command with actions looks at the word that says which. */
function ofCommand(line: Line, lines: readonly Line[]): string {
  if (line.actions.length === 0) return call(line, '      ');
  const described = line.actions.map(({ name, doc }) => quoted(`${name}:${doc}`)).join(' ');
  const cases = line.actions.map(({ name }) => {
    const action = lines.find(({ words }) => words.join(' ') === `${line.words[0]} ${name}`);
    return action
      ? `        ${name}) shift words; ((CURRENT--))\n${call(action, '          ')}          return ;;\n`
      : '';
  });
  return `      if ((CURRENT > 2)); then
        case $words[2] in
${cases.join('')}        esac
      else
        local -a actions=(${described})
        _describe action actions
      fi
${line.flags.length > 1 ? call(line, '      ') : ''}`;
}

function call({ flags, operands }: Line, indent: string): string {
  const specs = flags.flatMap(({ flag, completed }) => flagSpecs(flag, completed));
  const operand = operands.with === 'nothing' ? [] : [quoted(`*: :${action(operands)}`)];
  return `${indent}_arguments -s -S ${[...specs, ...operand].join(` \\\n${indent}  `)}\n`;
}

function flagSpecs(flag: Flag, completed: Completed): string[] {
  const value = flag.value === undefined ? '' : `:${plain(flag.value)}:${action(completed)}`;
  const names = flag.short ? [`-${flag.short}`, `--${flag.name}`] : [`--${flag.name}`];
  const barred = flag.multiple ? '*' : flag.short ? `(${names.join(' ')})` : '';
  const long = flag.value === undefined ? '' : '=';
  return names.map((name) =>
    quoted(
      `${barred}${name}${name.startsWith('--') ? long : flag.value === undefined ? '' : '+'}[${plain(flag.doc)}]${value}`,
    ),
  );
}

function action(completed: Completed): string {
  if (completed.with === 'nothing') return ' ';
  if (completed.with !== 'words') return completed.with === 'files' ? '_files' : '_files -/';
  const { words, form, files } = completed;
  if (form === 'path') return `{_sluice_report ${words.join(' ')}}`;
  if (form === 'list') return `{_sequence compadd - ${words.join(' ')}}`;
  return files ? `{compadd -- ${words.join(' ')}; _files}` : `(${words.join(' ')})`;
}

/** Brackets and colons end a part of what `_arguments` reads. */
function plain(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
