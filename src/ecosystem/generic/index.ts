import { isElf } from '../../format/elf.ts';
import { buildPurl } from '../../model/purl.ts';
import { order } from '../../version/generic.ts';
import type { Ecosystem } from '../contract.ts';
import { parseProgram, partialReader } from './binary.ts';
import { isOwnName, isProgramName } from './file-name.ts';
import { isVersionFile, parseVersionFile } from './text.ts';

/** Largest program that is read, in bytes. */
const limit = 512 * 1024 * 1024;

/** Programs and libraries that no package manager brought, by their files' names and the versions in them. */
export const ecosystem: Ecosystem = {
  id: 'generic',
  title: 'Well-known programs',
  recognises: [
    {
      what: 'programs by name and content: `nginx`, `node`, `python3.x`, `php`, `redis-server`, `postgres`, `openssl`, `curl`, `busybox` and 50 others (ELF)',
      example: 'usr/sbin/nginx',
      presence: 'installed',
    },
    {
      what: 'libraries by name and content: `libcrypto`, `libpython`, `libz`, `libcurl`, `libsqlite3`, `libc` and others (ELF)',
      example: 'usr/lib/libcrypto.so.3',
      presence: 'installed',
    },
    { what: '`go/VERSION` (the Go toolchain)', example: 'usr/local/go/VERSION', presence: 'installed' },
    { what: '`release` of a Java runtime', example: 'opt/java/openjdk/release', presence: 'installed' },
    {
      what: '`releases/*/OTP_VERSION` (Erlang)',
      example: 'usr/lib/erlang/releases/25/OTP_VERSION',
      presence: 'installed',
    },
    { what: '`wp-includes/version.php`', example: 'var/www/html/wp-includes/version.php', presence: 'installed' },
    { what: '`julia_version.h`', example: 'usr/local/julia/include/julia/julia_version.h', presence: 'installed' },
  ],
  revision: 1,
  database: false,
  unownedOnly: true,
  limit,
  order,
  claims: (path, head) => isProgramName(path, head) || isVersionFile(path, head.size),
  /** Scripts that are named like programs, and other files that are no text, stay unread. */
  sniff: (first) =>
    isElf(first) || (first.length > 0 && !first.includes(0) && !(first[0] === 0x23 && first[1] === 0x21)),
  bytesAlone: isOwnName,
  partial: partialReader,
  parse: (file) => (isElf(file.bytes) ? parseProgram(file) : parseVersionFile(file)),
  purl: ({ name, version }) => buildPurl({ type: 'generic', name, version }),
  /** OSV has no advisories for programs by their names alone. */
  advisories: () => undefined,
};
