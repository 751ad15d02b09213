import { affects, flaw, type Span, type StarterRecord } from './record.ts';

const rce = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const stops = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';

const go = (name: string, ...spans: readonly Span[]) => affects('Go', name, ...spans);

/** The most exploited flaws of Go and of its modules. */
export const golang: readonly StarterRecord[] = [
  flaw({
    names: ['CVE-2023-39325', 'GO-2023-2102', 'GHSA-4374-p667-p6c8'],
    published: '2023-10-11',
    summary: 'HTTP/2 rapid reset: a client that opens and cancels streams exhausts a Go server',
    cvss: stops,
    affected: [go('stdlib', ['0', '1.20.10'], ['1.21.0-0', '1.21.3']), go('golang.org/x/net', ['0', '0.17.0'])],
  }),
  flaw({
    names: ['CVE-2024-24790', 'GO-2024-2887'],
    published: '2024-06-04',
    summary: 'net/netip: IPv4 addresses mapped into IPv6 are not recognized as local or private',
    cvss: rce,
    affected: [go('stdlib', ['0', '1.21.11'], ['1.22.0-0', '1.22.4'])],
  }),
  flaw({
    names: ['CVE-2024-45337', 'GO-2024-3321', 'GHSA-v778-237x-gjrc'],
    published: '2024-12-11',
    summary: 'x/crypto/ssh: servers that trust the last key a client showed authorize the wrong key',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N',
    affected: [go('golang.org/x/crypto', ['0', '0.31.0'])],
  }),
  flaw({
    names: ['CVE-2020-26160', 'GO-2020-0017', 'GHSA-w73w-5m7g-f7qc'],
    published: '2021-04-14',
    summary: 'jwt-go: the audience check passes when the token has a list of audiences',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    affected: [
      go('github.com/dgrijalva/jwt-go', ['0.0.0-20150717181359-44718f8a89b0']),
      go('github.com/dgrijalva/jwt-go/v4', ['0', '4.0.0-preview1']),
    ],
    unfixed: 'versions before v4 are abandoned: the maintained successor is github.com/golang-jwt/jwt',
  }),
  flaw({
    names: ['CVE-2024-21626', 'GO-2024-2491', 'GHSA-xr7r-f8xq-vfvv'],
    published: '2024-01-31',
    summary: 'Leaky Vessels: runc leaks a file descriptor, through which a container reaches the host',
    cvss: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H',
    affected: [go('github.com/opencontainers/runc', ['1.0.0-rc93', '1.1.12'])],
  }),
];
