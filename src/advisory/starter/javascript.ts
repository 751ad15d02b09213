import { affects, flaw, type Span, type StarterRecord } from './record.ts';

const rce = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const stops = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';

const npm = (name: string, ...spans: readonly Span[]) => affects('npm', name, ...spans);

/** The most exploited flaws of npm packages, and releases that were malicious themselves. */
export const javascript: readonly StarterRecord[] = [
  flaw({
    names: ['CVE-2019-10744', 'GHSA-jf85-cpcp-j695'],
    published: '2019-07-10',
    summary: 'lodash: defaultsDeep changes the prototype of all objects through a constructor key',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H',
    affected: [
      npm('lodash', ['0', '4.17.12']),
      npm('lodash-es', ['0', '4.17.14']),
      npm('lodash-amd', ['0', '4.17.13']),
      npm('lodash.defaultsdeep', ['0', '4.6.1']),
    ],
  }),
  flaw({
    names: ['CVE-2021-44906', 'GHSA-xvch-5gv4-984h'],
    published: '2022-03-18',
    summary: 'minimist: an argument such as --__proto__.x changes the prototype of all objects',
    cvss: rce,
    affected: [npm('minimist', ['0', '0.2.4'], ['1.0.0', '1.2.6'])],
  }),
  flaw({
    names: ['CVE-2017-5941', 'GHSA-q4v7-4rhw-9hqm'],
    published: '2017-02-09',
    summary: 'node-serialize: unserialize() runs functions that stand in its input',
    cvss: rce,
    affected: [npm('node-serialize', ['0'])],
    unfixed: 'its last release, 0.0.4, is affected: it has to be replaced',
  }),
  flaw({
    names: ['GHSA-mh6f-8j2x-4483'],
    published: '2018-11-26',
    summary: 'event-stream 3.3.6 brings the malicious flatmap-stream, which steals wallets',
    cvss: rce,
    affected: [npm('event-stream', ['3.3.6', '4.0.0']), npm('flatmap-stream', ['0'])],
    unfixed: 'flatmap-stream is malicious as a whole: it has to be removed',
  }),
  flaw({
    names: ['GHSA-pjwm-rvh2-c87w', 'CVE-2021-4229'],
    published: '2021-10-22',
    summary: 'ua-parser-js: three releases from a stolen account bring a miner and a password thief',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H',
    affected: [npm('ua-parser-js', ['0.7.29', '0.7.30'], ['0.8.0', '0.8.1'], ['1.0.0', '1.0.1'])],
  }),
  flaw({
    names: ['CVE-2022-23812', 'GHSA-97m3-w2cp-4xx6'],
    published: '2022-03-16',
    summary: 'node-ipc: the author put in code that overwrites files on machines in some countries',
    cvss: rce,
    affected: [npm('node-ipc', ['10.1.1', '10.1.3'])],
  }),
  flaw({
    names: ['CVE-2025-59144', 'GHSA-4x49-vf9v-38px', 'GHSA-8mgj-vmr8-frr6', 'MAL-2025-46974'],
    published: '2025-09-08',
    summary: 'debug 4.4.2, published from a stolen account, redirects cryptocurrency payments in browsers',
    cvss: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:H/VA:N/SC:N/SI:N/SA:N/E:A/U:Red',
    affected: [npm('debug', ['4.4.2', '4.4.3'])],
  }),
  flaw({
    names: ['CVE-2025-29927', 'GHSA-f82v-jwr5-mffw'],
    published: '2025-03-21',
    summary: 'Next.js skips its middleware, and the authorization in it, when a request has an internal header',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N',
    affected: [npm('next', ['12.0.0', '12.3.5'], ['13.0.0', '13.5.9'], ['14.0.0', '14.2.25'], ['15.0.0', '15.2.3'])],
  }),
  flaw({
    names: ['CVE-2025-55182', 'GHSA-fv66-9v8q-g76r', 'GHSA-9qr9-h5gf-34mp'],
    published: '2025-12-03',
    summary: 'React2Shell: a request to a React server function is deserialized so that it runs code',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H',
    affected: [
      ...['react-server-dom-webpack', 'react-server-dom-turbopack', 'react-server-dom-parcel'].map((name) =>
        npm(name, ['19.0.0', '19.0.1'], ['19.1.0', '19.1.2'], ['19.2.0', '19.2.1']),
      ),
      npm(
        'next',
        ['14.3.0-canary.77', '15.0.5'],
        ['15.1.0-canary.0', '15.1.9'],
        ['15.2.0-canary.0', '15.2.6'],
        ['15.3.0-canary.0', '15.3.6'],
        ['15.4.0-canary.0', '15.4.8'],
        ['15.5.0-canary.0', '15.5.7'],
        ['16.0.0-canary.0', '16.0.7'],
      ),
    ],
  }),
  flaw({
    names: ['CVE-2022-46175', 'GHSA-9c47-m6qq-7p4h'],
    published: '2022-12-29',
    summary: 'json5: parse() lets a __proto__ key set the prototype of the result',
    cvss: 'CVSS:3.1/AV:N/AC:H/PR:L/UI:N/S:U/C:H/I:L/A:H',
    affected: [npm('json5', ['0', '1.0.2'], ['2.0.0', '2.2.2'])],
  }),
  flaw({
    names: ['CVE-2022-24999', 'GHSA-hrpp-h998-j3pp'],
    published: '2022-11-27',
    summary: 'qs: a __proto__ key in a query string makes the program hang',
    cvss: stops,
    affected: [
      npm(
        'qs',
        ['0', '6.2.4'],
        ['6.3.0', '6.3.3'],
        ['6.4.0', '6.4.1'],
        ['6.5.0', '6.5.3'],
        ['6.6.0', '6.6.1'],
        ['6.7.0', '6.7.3'],
        ['6.8.0', '6.8.3'],
        ['6.9.0', '6.9.7'],
        ['6.10.0', '6.10.3'],
      ),
    ],
  }),
  flaw({
    names: ['CVE-2021-3749', 'GHSA-cph5-m8f7-6c5x'],
    published: '2021-09-01',
    summary: 'axios: its trim function takes quadratic time over a long header',
    cvss: stops,
    affected: [npm('axios', ['0', '0.21.2'])],
  }),
  flaw({
    names: ['CVE-2021-23369', 'GHSA-f2jv-r9rf-7988'],
    published: '2021-04-12',
    summary: 'handlebars: a template from an untrusted source runs code, even in strict mode',
    cvss: rce,
    affected: [npm('handlebars', ['0', '4.7.7'])],
  }),
  flaw({
    names: ['CVE-2022-29078', 'GHSA-phwq-j96m-2c2q'],
    published: '2022-04-26',
    summary: 'ejs: request data that is passed on as options becomes code of the compiled template',
    cvss: rce,
    affected: [npm('ejs', ['0', '3.1.7'])],
  }),
  flaw({
    names: ['CVE-2023-32314', 'GHSA-whpj-8f3w-67p5'],
    published: '2023-05-15',
    summary: 'vm2: code leaves the sandbox through an object of the host that a proxy hands out',
    cvss: rce,
    affected: [npm('vm2', ['0', '3.9.18'])],
  }),
];
