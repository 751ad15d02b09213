import { affects, flaw, type Span, type StarterRecord } from './record.ts';

const rce = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

const pypi = (name: string, ...spans: readonly Span[]) => affects('PyPI', name, ...spans);

/** The most exploited flaws of Python packages. */
export const python: readonly StarterRecord[] = [
  flaw({
    names: ['CVE-2020-7471', 'PYSEC-2020-35', 'GHSA-hmr4-m2h5-33qx'],
    published: '2020-02-03',
    summary: 'Django: the delimiter of StringAgg goes into SQL unescaped',
    cvss: rce,
    affected: [pypi('django', ['1.11', '1.11.28'], ['2.2', '2.2.10'], ['3.0', '3.0.3'])],
  }),
  flaw({
    names: ['CVE-2022-28346', 'PYSEC-2022-190', 'GHSA-2gwj-7jmv-h26r'],
    published: '2022-04-12',
    summary: 'Django: keys of a dictionary that is expanded into annotate() or aggregate() go into SQL unescaped',
    cvss: rce,
    affected: [pypi('django', ['2.2', '2.2.28'], ['3.2', '3.2.13'], ['4.0', '4.0.4'])],
  }),
  flaw({
    names: ['CVE-2019-10906', 'PYSEC-2019-217', 'GHSA-462w-v97r-4m45'],
    published: '2019-04-07',
    summary: 'Jinja2: str.format_map leaves the template sandbox',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:N',
    affected: [pypi('jinja2', ['0', '2.10.1'])],
  }),
  flaw({
    names: ['CVE-2020-14343', 'PYSEC-2021-142', 'GHSA-8q59-q68h-6hv4'],
    published: '2021-02-09',
    summary: 'PyYAML: load() and the full loader create Python objects from the text, which runs code',
    cvss: rce,
    affected: [pypi('pyyaml', ['0', '5.4'])],
  }),
  flaw({
    names: ['CVE-2022-22817', 'PYSEC-2022-10', 'GHSA-8vj2-vxx3-667w'],
    published: '2022-01-10',
    summary: 'Pillow: ImageMath.eval evaluates any expression, lambdas and exec included',
    cvss: rce,
    affected: [pypi('pillow', ['0', '9.0.0'])],
  }),
  flaw({
    names: ['CVE-2018-18074', 'PYSEC-2018-28', 'GHSA-x84v-xcm2-53pg'],
    published: '2018-10-09',
    summary: 'requests: the Authorization header is kept on a redirect from HTTPS to HTTP',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    affected: [pypi('requests', ['0', '2.20.0'])],
  }),
  flaw({
    names: ['CVE-2023-43804', 'PYSEC-2023-192', 'GHSA-v845-jxx5-vc9f'],
    published: '2023-10-04',
    summary: 'urllib3: the Cookie header is kept on a redirect to another host',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N',
    affected: [pypi('urllib3', ['0', '1.26.17'], ['2.0.0', '2.0.6'])],
  }),
  flaw({
    names: ['CVE-2024-34069', 'GHSA-2g68-c3qc-8985'],
    published: '2024-05-06',
    summary: 'Werkzeug: a site that a developer visits can reach the local debugger and run code',
    cvss: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:H/I:H/A:H',
    affected: [pypi('werkzeug', ['0', '3.0.3'])],
  }),
];
