import type { Completed, Line } from './table.ts';

/** The completion for bash 3.2 and later, without the package bash-completion. */
export function bashCompletion(lines: readonly Line[]): string {
  const paths = lines.map((line) => `    ${quoted(line.words.join(' '))})\n${casesOf(line)}      ;;`);
  const names = lines.filter(({ words }) => words.length === 1).map(({ words }) => words[0] ?? '');
  return `# bash completion of sluice. Written by: sluice completion bash
${helpers}
_sluice() {
  # The words are cut anew: bash cuts at = and : too, as in -o sarif=FILE.
  local line="\${COMP_LINE:0:COMP_POINT}" cur prev path actions='' flags='' kind='' words='' valued=''
  local -a typed
  read -r -a typed <<< "$line"
  case "$line" in *[[:space:]]) typed+=('') ;; esac
  local last=$((\${#typed[@]} - 1))
  cur="\${typed[last]}"
  prev=''
  [ "$last" -gt 1 ] && prev="\${typed[last - 1]}"
  case "$cur" in --*=*) prev="\${cur%%=*}" cur="\${cur#*=}" ;; esac
  COMPREPLY=()
  if [ "$last" -le 1 ]; then
    _sluice_words ${quoted(`${names.join(' ')} help --help --version`)}
    return
  fi
  path="\${typed[1]}"
  [ "$last" -gt 2 ] && case "$path \${typed[2]}" in
    ${pathPatterns(lines)}) path="$path \${typed[2]}" ;;
  esac
  case "$path" in
${paths.join('\n')}
    help) kind=words words=${quoted(names.join(' '))} ;;
    *) return ;;
  esac
  [ "$last" -eq 2 ] && [ "$valued" = '' ] || actions=''
  case "$valued$cur" in -*) kind=flags ;; esac
  case "$kind" in
    flags) _sluice_words "$flags" ;;
    words) _sluice_words "$words" ;;
    words+files) _sluice_words "$words"; _sluice_files -f ;;
    list) _sluice_list "$words" ;;
    path) case "$cur" in *=*) _sluice_files -f ;; *) _sluice_words "$words" ;; esac ;;
    files) _sluice_files -f; _sluice_words "$actions" ;;
    folders) _sluice_files -d; _sluice_words "$actions" ;;
    *) _sluice_words "$actions" ;;
  esac
}

complete -F _sluice sluice
`;
}

/** Candidates are words or paths that begin with $cur; of those, bash wants what stands behind its own last cut. */
const helpers = `_sluice_offer() {
  local cut="\${cur%"\${cur##*[=:]}"}" one
  case "$COMP_WORDBREAKS" in *=*) ;; *) cut='' ;; esac
  while IFS= read -r one; do
    [ "$one" = '' ] || COMPREPLY+=("\${one#"$cut"}")
  done
}
_sluice_words() { _sluice_offer < <(compgen -W "$1" -- "$cur"); }
_sluice_list() {
  local before="\${cur%"\${cur##*,}"}"
  _sluice_offer < <(compgen -P "$before" -W "$1" -- "\${cur##*,}")
}
_sluice_files() {
  local before="\${cur%"\${cur##*=}"}"
  compopt -o filenames 2> /dev/null
  _sluice_offer < <(compgen -P "$before" "$1" -- "\${cur##*=}")
}
`;

/** The command lines of two words, as patterns of one case. */
function pathPatterns(lines: readonly Line[]): string {
  return lines
    .filter(({ words }) => words.length === 2)
    .map(({ words }) => quoted(words.join(' ')))
    .join(' | ');
}

/** What is set for one command line: its flags, and what the word at hand is completed with. */
function casesOf({ flags, operands, actions }: Line): string {
  const names = flags.flatMap(({ flag }) => [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])]);
  const valued = flags.filter(({ flag }) => flag.value !== undefined);
  const values = valued.map(({ flag, completed }) => {
    const pattern = [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])].join(' | ');
    return `        ${pattern}) valued=1 ${setting(completed)} ;;\n`;
  });
  const told = actions.length === 0 ? '' : `      actions=${quoted(actions.map(({ name }) => name).join(' '))}\n`;
  return `      flags=${quoted(names.join(' '))}
${told}      case "$prev" in
${values.join('')}        *) ${setting(operands)} ;;
      esac
`;
}

function setting(completed: Completed): string {
  if (completed.with === 'nothing') return 'kind=none';
  if (completed.with !== 'words') return `kind=${completed.with}`;
  return `kind=${completed.form ?? (completed.files ? 'words+files' : 'words')} words=${quoted(completed.words.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
