import { ahead, aheadWithin, bare, before, behind, ends, type Follows, proof } from './mark.ts';
import type { Program } from './program.ts';
import { dotted, redisVersion } from './redis.ts';
import { isDigit } from './version-text.ts';

/** A program, and the names that its files have. */
export interface NamedProgram {
  readonly program: Program;
  readonly files?: readonly string[];
  /** Names that a version may follow: `php8.2`. */
  readonly numbered?: readonly string[];
  /** Shared objects: `libz` is `libz.so`, `libz.so.1.3` and, copied into a Python wheel, `libz-eb09ad1d.so.1`. */
  readonly libraries?: readonly string[];
}

/** OpenSSL has its date behind its version (`3.0.13 30 Jan 2024`); what is only like it says `(compatible; …)` there. */
const dated: Follows = (window, end) => {
  let at = end;
  if (window.toString('latin1', at, at + 5) === '-fips') at += 5;
  const gap = at;
  while (window[at] === 0x20 && at - gap < 8) at++;
  return at > gap && isDigit(window[at]);
};

/** `2.6.12-1+deb12u4, released 2026/10/17`, and `1.8.8 2018/04/19` of old. */
const released: Follows = (window, end) => {
  const stop = window.indexOf(' ', end);
  if (stop < 0 || stop - end > 64) return false;
  return (
    window.toString('latin1', stop, stop + 12) === ' released 20' || window.toString('latin1', stop, stop + 3) === ' 20'
  );
};

const mysqlFolder = before('/', '-');
/** `OpenSSH_9.2p1`; the protocol's greeting leaves out the release of the portable version, the code lists others' versions. */
const portable: Follows = (window, end) => /^OpenSSH_[\d.]{1,10}p\d$/.test(window.toString('latin1', 0, end));

/** Since 2.1, Ruby has a number for each release, and a patch level is but a count. */
const rubyRelease = (version: string): string =>
  /^(?:1|2\.0)\./.test(version) ? version : version.replace(/p\d+$/, '');
const eximVersion = (version: string) => /^4\.\d\d(?:\.\d{1,3})?$/.test(version);
const sudoVersion = (version: string) => /^1\.(?:[7-9]|\d\d)\.\d/.test(version);
const wgetVersion = (version: string) => /^1\.\d\d(?:\.\d{1,3})?$/.test(version);

/** Programs that are often put into images by hand, and say their version in their files. */
export const programs: readonly NamedProgram[] = [
  // Languages and what runs them.
  { program: { name: 'node', marks: [ahead('node.js/v', 'node')], certain: true }, files: ['node'] },
  { program: { name: 'deno', marks: [ahead('Deno/', 'deno')] }, files: ['deno'] },
  { program: { name: 'bun', marks: [ahead('Bun v', 'bun', before(' ('))] }, files: ['bun'] },
  {
    program: { name: 'php', marks: [ahead('X-Powered-By: PHP/', 'php')], certain: true },
    numbered: ['php', 'php-cgi', 'php-fpm'],
    libraries: ['libphp'],
  },
  { program: { name: 'perl', marks: [bare('v5.', 'perl')] }, numbered: ['perl'], libraries: ['libperl'] },
  {
    program: { name: 'ruby', marks: [ahead('\0ruby ', 'ruby', before(' ('), rubyRelease)] },
    numbered: ['ruby'],
    libraries: ['libruby'],
  },
  {
    program: { name: 'lua', marks: [ahead('Lua ', 'lua', before('  Copyright', ' Copyright'))] },
    numbered: ['lua'],
    libraries: ['liblua'],
  },
  { program: { name: 'rust', marks: [ahead('rustc version ', 'rust', before(' (', '.'))] }, libraries: ['libstd'] },

  // Servers.
  {
    program: {
      name: 'nginx',
      marks: [ahead('nginx version: nginx/', 'nginx'), ahead('nginx version: openresty/', 'openresty')],
      certain: true,
    },
    files: ['nginx'],
  },
  { program: { name: 'httpd', marks: [ahead('Apache/', 'httpd')] }, files: ['httpd', 'apache2'] },
  { program: { name: 'lighttpd', marks: [ahead('lighttpd/', 'lighttpd')], certain: true }, files: ['lighttpd'] },
  { program: { name: 'haproxy', marks: [ahead('version ', 'haproxy', released)] }, files: ['haproxy'] },
  { program: { name: 'varnish', marks: [ahead('varnish-', 'varnish', before(' revision '))] }, files: ['varnishd'] },
  { program: { name: 'squid', marks: [ahead('\0squid/', 'squid', ends)] }, files: ['squid'] },
  { program: { name: 'keepalived', marks: [ahead('Keepalived v', 'keepalived')] }, files: ['keepalived'] },
  {
    program: { name: 'stunnel', marks: [ahead('stunnel ', 'stunnel', before(' on '))] },
    files: ['stunnel', 'stunnel4'],
  },
  { program: { name: 'unbound', marks: [ahead('\0unbound ', 'unbound', ends)] }, files: ['unbound'] },
  { program: { name: 'bind', marks: [ahead('libisc-', 'bind', before('.so', '-'))] }, files: ['named'] },
  { program: { name: 'dnsmasq', marks: [ahead('\0dnsmasq-', 'dnsmasq', ends)] }, files: ['dnsmasq'] },
  { program: { name: 'dovecot', marks: [ahead('Dovecot v', 'dovecot')], certain: true }, files: ['dovecot'] },
  {
    program: { name: 'exim', marks: [bare('4.', 'exim', eximVersion)], proof: proof('Exim version ') },
    files: ['exim', 'exim4'],
  },
  { program: { name: 'proftpd', marks: [ahead('ProFTPD Version ', 'proftpd')], certain: true }, files: ['proftpd'] },
  { program: { name: 'vsftpd', marks: [ahead('vsftpd: version ', 'vsftpd')], certain: true }, files: ['vsftpd'] },
  { program: { name: 'openldap', marks: [ahead('$OpenLDAP: slapd ', 'openldap')], certain: true }, files: ['slapd'] },
  {
    program: {
      name: 'mosquitto',
      marks: [bare('1.', 'mosquitto'), bare('2.', 'mosquitto')],
      proof: proof('mosquitto version'),
    },
    files: ['mosquitto'],
  },

  // Databases and caches.
  { program: { name: 'postgresql', marks: [ahead('(PostgreSQL) ', 'postgresql')] }, files: ['postgres', 'psql'] },
  { program: { name: 'pgbouncer', marks: [ahead('PgBouncer ', 'pgbouncer', ends)] }, files: ['pgbouncer'] },
  {
    program: {
      name: 'mysql',
      marks: [
        behind('-MariaDB', 'mariadb'),
        ahead('/mysql-', 'mysql', mysqlFolder),
        ahead('/percona-server-', 'percona-server', mysqlFolder),
      ],
    },
    files: ['mariadb', 'mariadbd', 'mysql', 'mysqld'],
  },
  {
    program: { name: 'redis', marks: [dotted], proof: proof('redis_version:'), conclude: redisVersion },
    files: ['redis-server', 'redis-check-rdb'],
  },
  {
    program: { name: 'valkey', marks: [dotted], proof: proof('valkey_version:'), conclude: redisVersion },
    files: ['valkey-server', 'valkey-check-rdb'],
  },
  {
    program: { name: 'memcached', marks: [ahead('memcached ', 'memcached', before('\0', '\n'))] },
    files: ['memcached'],
  },
  {
    program: { name: 'sqlite', marks: [bare('3.', 'sqlite')], proof: proof('SQLite format 3') },
    files: ['sqlite3'],
    libraries: ['libsqlite3'],
  },

  // The system, and tools.
  {
    program: {
      name: 'openssl',
      marks: [ahead('OpenSSL ', 'openssl', dated), ahead('LibreSSL ', 'libressl', ends)],
    },
    files: ['openssl'],
    libraries: ['libcrypto'],
  },
  { program: { name: 'curl', marks: [ahead('curl/', 'curl')] }, files: ['curl'], libraries: ['libcurl'] },
  { program: { name: 'zlib', marks: [ahead('deflate ', 'zlib', before(' Copyright'))] }, libraries: ['libz'] },
  { program: { name: 'xz', marks: [ahead('xz (XZ Utils) ', 'xz', ends)], certain: true }, files: ['xz'] },
  { program: { name: 'xz', marks: [bare('5.', 'xz')], proof: proof('XZ_5.') }, libraries: ['liblzma'] },
  { program: { name: 'zstd', marks: [bare('v1.', 'zstd')], proof: proof('Zstandard CLI') }, files: ['zstd'] },
  { program: { name: 'expat', marks: [ahead('\0expat_', 'expat', ends)] }, libraries: ['libexpat'] },
  {
    program: { name: 'glibc', marks: [aheadWithin('GNU C Library (', 'release version ', 'glibc')], certain: true },
    files: ['libc.so.6'],
  },
  {
    program: { name: 'musl', marks: [bare('1.', 'musl')], proof: proof('musl libc (') },
    files: ['libc.so'],
    libraries: ['ld-musl'],
  },
  {
    program: { name: 'bash', marks: [ahead('@(#)Bash version ', 'bash', before('('))], certain: true },
    files: ['bash'],
  },
  { program: { name: 'busybox', marks: [ahead('BusyBox v', 'busybox')], certain: true }, files: ['busybox'] },
  { program: { name: 'openssh', marks: [ahead('OpenSSH_', 'openssh', portable)] }, files: ['ssh', 'sshd'] },
  {
    program: { name: 'dropbear', marks: [ahead('SSH-2.0-dropbear_', 'dropbear')], certain: true },
    files: ['dropbear', 'dropbearmulti', 'dbclient'],
  },
  {
    program: { name: 'sudo', marks: [bare('1.', 'sudo', sudoVersion)], proof: proof('Sudo version ') },
    files: ['sudo'],
  },
  { program: { name: 'git', marks: [ahead('git/', 'git', ends)] }, files: ['git'] },
  { program: { name: 'rsync', marks: [bare('3.', 'rsync')], proof: proof('rsync: ') }, files: ['rsync'] },
  {
    program: { name: 'wget', marks: [bare('1.', 'wget', wgetVersion)], proof: proof('GNU Wget') },
    files: ['wget'],
  },
  { program: { name: 'ffmpeg', marks: [ahead('%s version ', 'ffmpeg')] }, files: ['ffmpeg'] },
  {
    program: { name: 'tini', marks: [ahead('tini version ', 'tini')], certain: true },
    files: ['tini', 'tini-static'],
  },
];

/** Python 3.12 says that it is 3.12 dot something, and as little else as any other version. */
const pythons = new Map<string, Program>();

/** Python of a line of versions (`3.12`), as the file's name says it. */
export function pythonOf(line: string): Program {
  const known = pythons.get(line);
  if (known) return known;
  const marks = [bare(`${line}.`, 'python'), bare(`${line}.`, 'python', undefined, '/')];
  const program = { name: 'python', marks };
  pythons.set(line, program);
  return program;
}
