import { affects, fixedIn, flaw, type StarterRecord } from './record.ts';

const rce = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const root = 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H';

/** The releases of Alpine from one to the other, all with the same fix. */
function alpine(first: number, last: number, fix: string): Record<string, string> {
  const fixes: Record<string, string> = {};
  for (let minor = first; minor <= last; minor++) fixes[`v3.${minor}`] = fix;
  return fixes;
}

/** The most exploited flaws of distributions' packages, for the releases whose fixed versions are known for certain. */
export const distributions: readonly StarterRecord[] = [
  flaw({
    names: ['CVE-2014-0160'],
    published: '2014-04-07',
    summary: 'Heartbleed: OpenSSL answers a heartbeat with memory of the process, keys included',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    affected: fixedIn('Debian', 'openssl', { 7: '1.0.1e-2+deb7u5' }),
  }),
  flaw({
    names: ['CVE-2021-3711'],
    published: '2021-08-24',
    summary: 'OpenSSL: decrypting SM2 data writes behind the buffer',
    cvss: rce,
    affected: [
      ...fixedIn('Debian', 'openssl', { 10: '1.1.1d-0+deb10u7', 11: '1.1.1k-1+deb11u1' }),
      ...fixedIn('Alpine', 'openssl', alpine(12, 14, '1.1.1l-r0')),
    ],
  }),
  flaw({
    names: ['CVE-2022-0778'],
    published: '2022-03-15',
    summary: 'OpenSSL loops for ever over a certificate with broken curve parameters',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
    affected: [
      ...fixedIn('Debian', 'openssl', { 9: '1.1.0l-1~deb9u5', 10: '1.1.1d-0+deb10u8', 11: '1.1.1k-1+deb11u2' }),
      ...fixedIn('Alpine', 'openssl', alpine(12, 15, '1.1.1n-r0')),
      ...fixedIn('AlmaLinux', 'openssl-libs', { 8: '1:1.1.1k-6.el8_5' }),
    ],
  }),
  flaw({
    names: ['CVE-2022-3602'],
    published: '2022-11-01',
    summary: 'OpenSSL 3: an e-mail address in a certificate overruns four bytes of the stack',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
    affected: fixedIn('AlmaLinux', 'openssl-libs', { 9: '1:3.0.1-43.el9_0' }),
  }),
  flaw({
    names: ['CVE-2023-4911'],
    published: '2023-10-03',
    summary: "Looney Tunables: glibc's loader overruns a buffer over GLIBC_TUNABLES, which makes any user root",
    cvss: root,
    affected: [
      ...fixedIn('Debian', 'glibc', { 11: '2.31-13+deb11u7', 12: '2.36-9+deb12u3' }),
      ...fixedIn('AlmaLinux', 'glibc', { 8: '2.28-225.el8_8.6', 9: '2.34-60.el9_2.7' }),
    ],
  }),
  flaw({
    names: ['CVE-2015-0235'],
    published: '2015-01-27',
    summary: 'GHOST: looking up a long numeric host name overruns a buffer of glibc',
    cvss: 'AV:N/AC:L/Au:N/C:C/I:C/A:C',
    affected: fixedIn('Debian', 'eglibc', { '6.0': '2.11.3-4+deb6u4', 7: '2.13-38+deb7u7' }),
  }),
  flaw({
    names: ['CVE-2014-6271'],
    published: '2014-09-24',
    summary: 'Shellshock: bash runs what stands behind a function definition in an environment variable',
    cvss: rce,
    affected: fixedIn('Debian', 'bash', { '6.0': '4.1-3+deb6u1', 7: '4.2+dfsg-0.1+deb7u1' }),
  }),
  flaw({
    names: ['CVE-2014-7169'],
    published: '2014-09-25',
    summary: 'Shellshock was closed only in part: bash still runs code from crafted environment variables',
    cvss: rce,
    affected: fixedIn('Debian', 'bash', { '6.0': '4.1-3+deb6u2', 7: '4.2+dfsg-0.1+deb7u3' }),
  }),
  flaw({
    names: ['CVE-2021-3156'],
    published: '2021-01-26',
    summary: 'Baron Samedit: sudoedit overruns a buffer over a trailing backslash, which makes any user root',
    cvss: root,
    affected: fixedIn('Debian', 'sudo', { 9: '1.8.19p1-2.1+deb9u3', 10: '1.8.27-1+deb10u3' }),
  }),
  flaw({
    names: ['CVE-2021-4034'],
    published: '2022-01-25',
    summary: 'PwnKit: pkexec without arguments reads its environment as arguments, which makes any user root',
    cvss: root,
    affected: [
      ...fixedIn('Debian', 'policykit-1', {
        9: '0.105-18+deb9u2',
        10: '0.105-25+deb10u1',
        11: '0.105-31+deb11u1',
      }),
      ...fixedIn('AlmaLinux', 'polkit', { 8: '0.115-13.el8_5.2' }),
    ],
  }),
  flaw({
    names: ['CVE-2023-38545'],
    published: '2023-10-11',
    summary: 'curl: a long host name overruns a buffer while a SOCKS5 proxy is slow',
    cvss: rce,
    affected: [
      ...fixedIn('Debian', 'curl', { 11: '7.74.0-1.3+deb11u10', 12: '7.88.1-10+deb12u4' }),
      ...fixedIn('Alpine', 'curl', alpine(15, 18, '8.4.0-r0')),
      ...['libcurl', 'libcurl-minimal', 'curl', 'curl-minimal'].map((name) =>
        affects('AlmaLinux:9', name, ['0', '7.76.1-23.el9_2.4'], ['7.76.1-26.el9', '7.76.1-26.el9_3.2']),
      ),
    ],
  }),
  flaw({
    names: ['CVE-2022-37434'],
    published: '2022-08-05',
    summary: 'zlib: inflate overruns a buffer over a large extra field of a gzip header',
    cvss: rce,
    affected: [
      ...fixedIn('Debian', 'zlib', { 10: '1:1.2.11.dfsg-1+deb10u2', 11: '1:1.2.11.dfsg-2+deb11u2' }),
      ...fixedIn('Alpine', 'zlib', alpine(12, 16, '1.2.12-r2')),
      ...fixedIn('AlmaLinux', 'zlib', { 8: '1.2.11-19.el8_6', 9: '1.2.11-32.el9_0' }),
    ],
  }),
  flaw({
    names: ['CVE-2021-36159'],
    published: '2021-08-03',
    summary: 'apk-tools: parsing an FTP reply reads behind the buffer of libfetch',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H',
    affected: [
      ...fixedIn('Alpine', 'apk-tools', alpine(10, 12, '2.10.7-r0')),
      ...fixedIn('Alpine', 'apk-tools', alpine(13, 22, '2.12.6-r0')),
    ],
  }),
  flaw({
    names: ['CVE-2019-14697'],
    published: '2019-08-06',
    summary: 'musl on 32-bit x86: unbalanced x87 stack in math functions corrupts memory',
    cvss: rce,
    affected: fixedIn('Alpine', 'musl', {
      'v3.7': '1.1.18-r4',
      'v3.8': '1.1.19-r11',
      'v3.9': '1.1.20-r5',
      'v3.10': '1.1.22-r3',
      'v3.11': '1.1.23-r2',
    }),
  }),
  flaw({
    names: ['CVE-2022-28391'],
    published: '2022-04-03',
    summary: 'busybox: a DNS record with escape sequences takes over the terminal that shows it',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H',
    affected: fixedIn('Alpine', 'busybox', { 'v3.15': '1.34.1-r5' }),
  }),
  flaw({
    names: ['CVE-2024-6387'],
    published: '2024-07-01',
    summary: 'regreSSHion: a race in the signal handler of sshd runs code before anyone has logged in',
    cvss: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H',
    affected: [
      ...fixedIn('Debian', 'openssh', { 12: '1:9.2p1-2+deb12u3' }),
      ...fixedIn('AlmaLinux', 'openssh-server', { 9: '8.7p1-38.el9_4.1' }),
    ],
  }),
  flaw({
    names: ['CVE-2023-4863', 'GHSA-j7hp-h8jx-5ppr'],
    published: '2023-09-12',
    summary: 'libwebp: a lossless WebP image writes behind the Huffman tables; bundled copies are affected too',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H',
    affected: [
      ...fixedIn('Debian', 'libwebp', { 11: '0.6.1-2.1+deb11u2', 12: '1.2.4-0.2+deb12u1' }),
      ...fixedIn('AlmaLinux', 'libwebp', { 8: '1.0.0-8.el8_8.1', 9: '1.2.0-7.el9_2' }),
      affects('PyPI', 'pillow', ['0', '10.0.1']),
    ],
  }),
  flaw({
    names: ['CVE-2023-36664'],
    published: '2023-06-25',
    summary: 'Ghostscript runs a command that stands in a file name with a pipe in front',
    cvss: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H',
    affected: [
      ...fixedIn('Debian', 'ghostscript', { 11: '9.53.3~dfsg-7+deb11u5', 12: '10.0.0~dfsg-11+deb12u1' }),
      ...fixedIn('AlmaLinux', 'libgs', { 9: '9.54.0-10.el9_2' }),
    ],
  }),
  flaw({
    names: ['CVE-2021-23017'],
    published: '2021-05-28',
    summary: 'nginx: a forged DNS reply overwrites one byte in the resolver',
    cvss: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:H',
    affected: fixedIn('Debian', 'nginx', { 9: '1.10.3-1+deb9u6', 10: '1.14.2-2+deb10u4' }),
  }),
  flaw({
    names: ['CVE-2022-0543'],
    published: '2022-02-18',
    summary: "Redis as Debian builds it: Lua scripts leave the sandbox through Lua's package module",
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H',
    affected: fixedIn('Debian', 'redis', { 10: '5:5.0.14-1+deb10u2', 11: '5:6.0.16-1+deb11u2' }),
  }),
  flaw({
    names: ['CVE-2024-3094'],
    published: '2024-03-29',
    summary: 'xz 5.6.0 and 5.6.1 carry a back door that lets its author into sshd',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H',
    affected: [affects('Debian:13', 'xz-utils', ['5.5.1alpha-0.1', '5.6.1+really5.4.5-1'])],
  }),
  flaw({
    names: ['CVE-2022-25235'],
    published: '2022-02-16',
    summary: 'expat accepts malformed UTF-8 in names, which corrupts what programs do with them',
    cvss: rce,
    affected: [
      ...fixedIn('Debian', 'expat', { 9: '2.2.0-2+deb9u5', 10: '2.2.6-2+deb10u3', 11: '2.2.10-2+deb11u2' }),
      ...fixedIn('AlmaLinux', 'expat', { 8: '2.2.5-8.el8_6.2' }),
    ],
  }),
  flaw({
    names: ['CVE-2021-40438'],
    published: '2021-09-16',
    summary: 'Apache httpd: mod_proxy forwards a request to a server that the request itself names',
    cvss: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H',
    affected: fixedIn('Debian', 'apache2', {
      9: '2.4.25-3+deb9u11',
      10: '2.4.38-3+deb10u6',
      11: '2.4.51-1~deb11u1',
    }),
  }),
  flaw({
    names: ['CVE-2019-11043'],
    published: '2019-10-28',
    summary: 'PHP-FPM behind nginx: a line break in the path underflows a buffer and runs code',
    cvss: rce,
    affected: [
      ...fixedIn('Debian', 'php7.0', { 9: '7.0.33-0+deb9u6' }),
      ...fixedIn('Debian', 'php7.3', { 10: '7.3.11-1~deb10u1' }),
      ...fixedIn('Alpine', 'php7', { 'v3.9': '7.2.24-r0', 'v3.10': '7.3.11-r0', 'v3.11': '7.3.11-r0' }),
    ],
  }),
];
