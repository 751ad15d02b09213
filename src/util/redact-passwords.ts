/** What stands for a password that is not shown. */
const hidden = '***';

/** What tells that a value is from elsewhere: `$(cat …)`, `${NAME}`, `$NAME`; not the `$6$…` of a hash. */
const unlessReference = String.raw`(?!\$(?:\(|\{|[A-Za-z_]\w{0,60}(?![\w$])))`;

/** Without one of these words none of the forms is there. */
const programs =
  /passwd|useradd|usermod|mysql|mariadb|sshpass|login|redis-cli|curl|(?:store|key)pass|identified|password/i;

/** The program behind a pipe, by a path or by sudo. */
const into = String.raw`\s{0,20}\|\s{0,20}(?:sudo\s{1,9})?[\w/]{0,40}`;

/** Passwords that programs are given without a name that says so. Every repeat has a limit, so that long lines are read in time. */
const forms: readonly RegExp[] = [
  // `echo 'NAME:PASSWORD' | chpasswd`, and what chpasswd reads from a here-string or here-document. sluice:allow
  form(String.raw`((["'])[\w.-]{1,40}:)UNLESS(?:(?!\2)[^|]){1,300}(?=\2${into}chpasswd)`),
  form(String.raw`(\s[\w.-]{1,40}:)UNLESS[^\s"'|]{1,300}(?=${into}chpasswd)`),
  form(String.raw`(\bchpasswd\b[^|;&:<]{0,60}<<[^:|;&]{0,80}:)UNLESS[^\s"']{1,300}`),
  form(
    String.raw`(\becho\s{1,9}(?:-\w{1,3}\s{1,9})?["']?)UNLESS[^\s"'|-][^\s"'|]{0,300}(?=["']?\s{0,20}\|\s{0,20}(?:sudo\s{1,9})?(?:[\w/]{0,40}/)?passwd\s)`,
  ),
  form(String.raw`(\buser(?:add|mod)[^;&|]{0,200}?\s-p[\s=]{0,9}["']?)UNLESS[^\s"'!*][^\s"']{1,300}`),
  form(String.raw`(\bopenssl\s{1,9}passwd(?:\s{1,9}-\w{1,9}){0,4}\s{1,9}["']?)UNLESS[^\s"')-][^\s"')]{0,300}`),
  form(String.raw`(\b(?:mysql|mysqladmin|mysqldump|mariadb|mariadb-admin)[^;&|]{0,200}?\s-p["']?)UNLESS[^\s"']{1,300}`),
  form(
    String.raw`(\b(?:sshpass|(?:docker|podman)\s{1,9}login[^;&|]{0,200}?)\s{1,9}-p\s{0,9}["']?)UNLESS[^\s"']{1,300}`,
  ),
  form(String.raw`(\bredis-cli[^;&|]{0,200}?\s-a\s{1,9}["']?)UNLESS[^\s"']{1,300}`),
  form(String.raw`(\bcurl[^;&|]{0,300}?\s(?:-\w{0,9}u|--user)[\s=]{0,9}["']?[^\s"':$]{1,100}:)UNLESS[^\s"']{1,300}`),
  form(
    String.raw`(\bhtpasswd\s{1,9}-\w{0,6}b\w{0,6}(?:\s{1,9}[^\s;&|]{1,100}){1,4}\s{1,9}["']?)UNLESS[^\s"'-][^\s"']{0,300}(?=["']?\s{0,9}(?:$|[;&|>]))`,
  ),
  form(String.raw`(-(?:store|key)pass\s{1,9}["']?)UNLESS[^\s"']{1,300}`),
  form(String.raw`(\b(?:identified\s{1,9}by|password)\s{1,9}\\{0,3}["'])UNLESS[^\s"'\\]{1,300}`, 'gi'),
];

function form(pattern: string, flags = 'g'): RegExp {
  return new RegExp(
    pattern.replace('UNLESS', () => unlessReference),
    flags,
  );
}

/** A command line without the passwords that its programs are given as bare words: `chpasswd`, `useradd -p`, `mysql -p…`. */
export function redactPasswords(line: string): string {
  return programs.test(line) ? forms.reduce((text, one) => text.replace(one, `$1${hidden}`), line) : line;
}
