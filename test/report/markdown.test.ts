import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { code, prose } from '../../src/report/markdown/escape.ts';
import { commentMarker } from '../../src/report/markdown/marker.ts';
import { report } from '../../src/report/markdown.ts';
import { harmless } from '../../src/util/harmless.ts';
import { arbitraryEvidence } from './arbitrary-evidence.ts';
import * as samples from './samples.ts';

const { context, evidence, finding, hostile, pack, placedSecret, placedSetting } = samples;
const pass: Verdict = { decision: 'pass', reasons: [] };

/** A line's spans as a reader of Markdown and HTML sees them: code as its text, all else as what is left of the line. */
function spans(line: string): { readonly plain: string; readonly codes: readonly string[] } {
  const codes: string[] = [];
  let plain = '';
  for (let at = 0; at < line.length; ) {
    const rest = line.slice(at);
    const run = /^`+/.exec(rest)?.[0];
    const html = /^<code>(.*?)<\/code>/.exec(rest);
    if (run !== undefined) {
      const close = rest.slice(run.length).search(new RegExp(`(?<!\`)${run}(?!\`)`));
      if (close < 0) return { plain: `unclosed ${line}`, codes };
      const inner = rest.slice(run.length, run.length + close);
      codes.push(/^ .*[^ ].* $/.test(inner) ? inner.slice(1, -1) : inner);
      at += 2 * run.length + close;
    } else if (html?.[1] !== undefined) {
      codes.push(html[1].replace(/&#(\d+);/g, (_, n) => String.fromCharCode(Number(n))));
      // What is read as markup in HTML within a line would be read here as well.
      if (/[!-%'-/:<-@[-`{-~]/.test(html[1].replace(/&#\d+;/g, ''))) return { plain: `markup ${line}`, codes };
      at += html[0].length;
    } else {
      plain += rest[0];
      at++;
    }
  }
  return { plain, codes };
}

/** What a sentence reads as: without markup, but its escapes read. */
function read(text: string): string {
  let out = '';
  for (const part of text.split(/(<code>.*?<\/code>|(?<!`)(`+)(?!`).*?(?<!`)\2(?!`))/).filter((_, i) => i % 3 < 2))
    out += /^(?:`|<code>)/.test(part ?? '') ? spans(part ?? '').codes.join('') : (part ?? '').replace(/\\(.)/g, '$1');
  return out;
}

/** What Markdown, or GitHub in what it makes of it, reads as more than text. */
const active = /[<>@#[\]\\*_~^$&`]|:\/\/|www\.|gh-\d/i;

/** What is wrong with the report as Markdown: empty when nothing is. */
function faults(text: string): string[] {
  const [marker = '', ...lines] = text.split('\n');
  const wrong = /^<!-- sluice:comment [\w.:/%-]* -->$/.test(marker) ? [] : [`marker: ${marker}`];
  let open = false;
  for (const [i, line] of lines.entries()) {
    if (line === '<details>' || line === '</details>') {
      if (open === (line === '<details>')) wrong.push(`nested at ${i}`);
      open = line === '<details>';
    } else if (line.startsWith('<summary>')) {
      const alone = lines[i - 1] === '<details>' && lines[i + 1] === '';
      if (!alone || !/^<summary>[\w ,:'-]+<\/summary>$/.test(line)) wrong.push(`summary: ${line}`);
    } else wrong.push(...lineFaults(line, lines[i - 1] ?? ''));
  }
  return open ? [...wrong, 'left open'] : wrong;
}

/** What is wrong with a line of Markdown that follows another. */
function lineFaults(line: string, before: string): string[] {
  const { plain, codes } = spans(line);
  const own = plain
    .replace(/\[[A-Za-z0-9][A-Za-z0-9:.-]*\]\(https:\/\/[a-z.]+\/[\w/.%:-]+\)/g, '')
    .replace(/<br>/g, '')
    .replace(/^### /, '')
    .replace(/\*\*(?:What to do first|[\d,]+ rows? left out)\*\*/, '')
    .replace(/\\[-+=.)]/g, '');
  const wrong = [own, ...codes].some((one) => one !== harmless(one)) ? [`control: ${line}`] : [];
  if (active.test(own)) wrong.push(`active: ${own}`);
  const cells = plain.split('|').length;
  if (!line.startsWith('|')) return cells > 1 ? [...wrong, `pipe: ${line}`] : wrong;
  if (before.startsWith('|') && spans(before).plain.split('|').length !== cells) wrong.push(`columns: ${line}`);
  return wrong;
}

/** A report, which must be good Markdown within its limit. */
function render(given: Evidence, verdict: Verdict, variant = 'comment', name = context.name): string {
  const text = report.render(given, verdict, { ...context, name, variant });
  expect(faults(text)).toEqual([]);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(variant === 'summary' ? 1_048_576 : 65_536);
  return text;
}

describe('text from outside', () => {
  test.each([
    ['Prototype pollution in lodash', 'Prototype pollution in lodash'],
    ['ask @octocat, #12 and owner/repo#3', 'ask `@octocat`, `#12` and `owner/repo#3`'],
    ['see https://evil.example or www.evil.example.', 'see `https://evil.example` or `www.evil.example`.'],
    ['closes GH-12; a !12 b ~bug :tada: x', 'closes `GH-12`; a `!12` b `~bug :tada`: x'],
    ['![x](http://a) [a]: b', '`![x](http://a) [a]`: b'],
    ['a | b', 'a <code>&#124;</code> b'],
    ['</details><!-- x -->', '<code>&#60;&#47;details&#62;&#60;&#33;&#45;&#45;</code> x `-->`'],
    ['- 1. --- a-b + =', '\\- 1\\. \\-\\-\\- a-b \\+ \\='],
    ['a\nb\u202ec', '`a\\x0ab\\u202ec`'],
    ['one `two` ``three', 'one ``` `two` ``three ```'],
    ['a key (in ENV A_B), "/etc/x y" or (/etc/y:1).', 'a key (in ENV `A_B`), "`/etc/x` y" or (`/etc/y:1`).'],
    ['of 2026-01-03 04:05 UTC', 'of 2026-01-03 04:05 UTC'],
    ['', ''],
  ])('%j is shown as text', (text, expected) => {
    expect(prose(text)).toBe(expected);
  });

  test.each([
    ['a', '`a`'],
    ['', ''],
    ['`', '`` ` ``'],
    ['a`b``c', '```a`b``c```'],
    [' a ', '`  a  `'],
    ['a\\|b', '<code>a&#92;&#124;b</code>'],
    ['\ud800', '`\ufffd`'],
    ['x'.repeat(200), `\`${'x'.repeat(159)}…\``],
    [`${'x'.repeat(158)}\u{1F600}yz`, `\`${'x'.repeat(158)}…\``],
  ])('%j is shown as code', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  test('any text reads as what it is, and as nothing more', () => {
    const piece = fc.constantFrom(
      ...'`|<>@#[]()!\\*_~&-+.=: \n\u202e/w1a',
      '``',
      'www.',
      '://',
      'GH-',
      '&#64;',
      '<!--',
    );
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const shown = harmless(text.toWellFormed());
        const { plain, codes } = spans(code(text, 1000));
        expect([plain, ...codes]).toEqual(shown === '' ? [''] : ['', shown]);
        const said = prose(text, 1000);
        expect(active.test(spans(said).plain.replace(/\\[-+=.)]/g, ''))).toBe(false);
        expect(said).not.toMatch(/^(?:[-+=]+|\d+[.)])(?: |$)|\n/);
        expect(read(said)).toBe(
          shown
            .split(' ')
            .filter((word) => word !== '')
            .join(' '),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('a marker names its target and ends where it should', () => {
    expect(commentMarker('registry.example/team/app:1.0')).toBe(
      '<!-- sluice:comment registry.example/team/app:1.0 -->',
    );
    expect(commentMarker('a--> <b>@me--')).toBe('<!-- sluice:comment a%2D-%3E%20%3Cb%3E%40me%2D%2D -->');
    expect(commentMarker('x'.repeat(999))).toMatch(/^<!-- sluice:comment sha256:[0-9a-f]{64} -->$/);
    expect(commentMarker('a'.repeat(999))).not.toBe(commentMarker('b'.repeat(999)));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(commentMarker(name)).toMatch(/^<!-- sluice:comment (?!.*--.*-->)[\w.:/%-]*(?<!-) -->$/);
      }),
    );
  });
});

describe('the report', () => {
  test('of an empty image is its verdict', () => {
    expect(render(evidence({ sources: [] }), pass)).toBe(
      `<!-- sluice:comment shop.tar -->
### Passed: no known vulnerabilities in 0 packages (2 layers)

\`shop.tar\` · \`sha256:aaaaaaaaaaaa\` · linux/amd64 · Alpine Linux v3.18

sluice 1.2.3
`,
    );
  });

  test('tells the verdict, what to do first and how much was found, and folds the rest', () => {
    const base = { layers: 1, name: 'alpine:3.18', by: 'flag' } as const;
    const musl = pack({
      ecosystem: 'apk',
      name: 'musl',
      version: '1.2.3-r3',
      purl: 'pkg:apk/alpine/musl@1.2.3-r3',
      layer: 0,
    });
    const lodash = pack({ name: 'lodash', version: '4.17.4' });
    const given = evidence({
      target: { ...evidence({}).target, base },
      packages: [musl, lodash],
      findings: [
        finding(lodash, { id: 'CVE-2019-10744', severity: 'critical', fixed: ['4.17.12'], title: 'Pollutes a | b' }),
        finding(musl, { id: 'CVE-2025-26519', severity: 'high', fixed: ['1.2.3-r4'], from: 'base' }),
        finding(lodash, { id: 'X-1', severity: 'low', answered: { by: 'waiver', because: 'nothing calls it' } }),
      ],
      placed: [
        placedSecret({
          also: [{ in: 'history', step: 4, layer: 1 }],
          secret: { shown: 'ghp_…(40)', score: 95, notes: [], value: 'ghp_real' },
        }),
        placedSetting(),
      ],
      licences: [
        { expression: 'GPL-3.0-only', class: 'restricted', package: lodash.purl, layer: 1, from: 'own' },
        { expression: 'NONE', class: 'unknown', package: musl.purl, layer: 0, from: 'base' },
      ],
      sources: [{ ...samples.npmData, origin: 'starter' }],
    });
    const verdict: Verdict = {
      decision: 'stop',
      reasons: [
        {
          rule: 'secrets/none',
          decision: 'stop',
          message: '1 secret',
          action: 'revoke it',
          subjects: [{ id: 'secret/github-token', at: '/app/.env:2', fingerprint: '01' }],
          total: 3,
        },
        {
          rule: 'vulnerability/severity',
          decision: 'stop',
          message: '2 bad ones',
          action: 'begin with lodash 4.17.4: update to 4.17.12',
        },
      ],
      waivers: [
        {
          place: 'sluice.waivers.yaml:3',
          about: 'X-1',
          reason: 'nothing calls it',
          owner: 'team-a',
          expires: '2026-12-31',
          state: 'matched',
          answers: 1,
          soon: true,
        },
      ],
    };
    expect(render(given, verdict)).toBe(
      `<!-- sluice:comment shop.tar -->
### Stopped: 1 secret (and 1 more reason)

\`shop.tar\` · \`sha256:aaaaaaaaaaaa\` · linux/amd64 · Alpine Linux v3.18

**What to do first**

- revoke it
- update \`lodash 4.17.4\` to \`4.17.12\`: fixes its only finding (critical)
- update \`musl 1.2.3-r3\` to \`1.2.3-r4\`: fixes its only finding (high), of the base image

| found | critical | high | medium |
| --- | ---: | ---: | ---: |
| packages of the own layers | 1 | 0 | 0 |
| packages of the base image | 0 | 1 | 0 |
| secrets | 0 | 1 | 0 |
| settings | 0 | 0 | 1 |

<details>
<summary>Why: 2 stop</summary>

| outcome | why | what to do | rule |
| --- | --- | --- | --- |
| stop | 1 secret<br>\`secret/github-token at /app/.env:2\` and 2 more | revoke it | \`secrets/none\` |
| stop | 2 bad ones | begin with lodash 4.17.4: update to 4.17.12 | \`vulnerability/severity\` |

</details>

<details>
<summary>Packages of the own layers: 1 finding in 1 package</summary>

| severity | finding | package | fixed in | about | where |
| --- | --- | --- | --- | --- | --- |
| critical | [CVE-2019-10744](https://nvd.nist.gov/vuln/detail/CVE-2019-10744) | \`lodash 4.17.4\` | \`4.17.12\` | Pollutes a <code>&#124;</code> b | layer 1 · \`/app/node_modules/lodash/package.json\` |

</details>

<details>
<summary>Packages of the base image: 1 finding in 1 package</summary>

The base image is \`alpine:3.18\`.

| severity | finding | package | fixed in | about | where |
| --- | --- | --- | --- | --- | --- |
| high | [CVE-2025-26519](https://nvd.nist.gov/vuln/detail/CVE-2025-26519) | \`musl 1.2.3-r3\` | \`1.2.3-r4\` | A flaw | layer 0 |

</details>

<details>
<summary>Secrets: 1 secret</summary>

| severity | what | where | how to end it |
| --- | --- | --- | --- |
| high | GitHub token · \`ghp_…(40)\` · \`secret/github-token\` | \`/app/.env:2\` · layer 1 and 1 more place | Revoke it, and give the new one to the build as a secret mount. |

</details>

<details>
<summary>Settings: 1 bad setting</summary>

| severity | what | where | how to end it |
| --- | --- | --- | --- |
| medium | Runs as root · the image names no user · \`image/runs-as-root\` | configuration User · \`Dockerfile:9\` | End the Dockerfile with a USER line. |

</details>

<details>
<summary>What could not be seen: 1 note</summary>

| how | where | what | code |
| --- | --- | --- | --- |
| little data | npm | only the starter set that is built into sluice, 1,234 records: it can show that an image is bad, never that it is good | |

</details>

<details>
<summary>Waivers: 1 waiver</summary>

| state | about | answers | until | owner | reason | place |
| --- | --- | --- | --- | --- | --- | --- |
| ends soon | X-1 | 1 | 2026-12-31 | team-a | nothing calls it | \`sluice.waivers.yaml:3\` |

</details>

<details>
<summary>Found, and does not count: 1 finding</summary>

| who says so | why | number | findings |
| --- | --- | --- | --- |
| a waiver | nothing calls it | 1 | \`X-1 in lodash 4.17.4\` |

</details>

<details>
<summary>Licences: 2 licences</summary>

| class | licence | number | packages and files |
| --- | --- | --- | --- |
| restricted | \`GPL-3.0-only\` | 1 | \`lodash\` |
| unknown | none is stated | 1 | \`musl\` |

</details>

<details>
<summary>Judged by: policy and data</summary>

| what | which | digest | about |
| --- | --- | --- | --- |
| data | npm | \`sha256:999999999999\` | 1,234 records of the starter set, current 2026-01-03 04:05 UTC |

</details>

sluice 1.2.3
`,
    );
  });

  test('never shows what is undecided as a pass', () => {
    const verdict: Verdict = {
      decision: 'undecided',
      reasons: [{ rule: 'data/missing', decision: 'undecided', message: 'no data', action: 'run: sluice db update' }],
    };
    const none = { ...samples.npmData, origin: 'none' } as const;
    const text = render(evidence({ sources: [none], looked: ['packages'] }), verdict);
    expect(text.split('\n').slice(1, 12)).toEqual([
      '### Undecided: no data',
      '',
      '`shop.tar` · `sha256:aaaaaaaaaaaa` · linux/amd64 · Alpine Linux v3.18',
      '',
      'Undecided is no pass: what could not be seen may hide something.',
      '',
      '**What to do first**',
      '',
      '- run: sluice db update',
      '',
      'nothing found, which proves nothing here, in 0 packages (2 layers) · run: sluice db update',
    ]);
    expect(text).toContain('| no data | npm | there is no data for it | |\n');
    expect(text).toContain(
      '| not looked for | | Looked for packages alone: not for secrets, configuration or licences. | |\n',
    );
  });

  test.each([
    ['ordinary', samples.shop, samples.shopVerdict, /^### Stopped: 3 bad ones; the policy stops at high$/m],
    ['with all that is known', samples.known, samples.knownVerdict, /exploited by ransomware · EPSS 97 %/],
    ['hostile', samples.trapImage, samples.trapVerdict, /^### Stopped: 1 high in 1 of 1 package/m],
  ])('is good Markdown: %s', (_, given, verdict, expected) => {
    expect(render(given, verdict)).toMatch(expected);
    expect(render(given, verdict, 'summary', hostile)).toMatch(expected);
  });

  test('of any evidence is good Markdown, the same each time', () => {
    const decision = fc.constantFrom('pass', 'warn', 'stop', 'undecided');
    fc.assert(
      fc.property(arbitraryEvidence, decision, fc.string({ unit: 'grapheme' }), (given, decided, text) => {
        const reasons = decided === 'pass' ? [] : [{ rule: text, decision: decided, message: text, action: text }];
        const verdict: Verdict = { decision: decided, reasons };
        expect(render(given, verdict, 'comment', text)).toBe(render(given, verdict, 'comment', text));
      }),
      { numRuns: 100 },
    );
  });
});

describe('the size limit', () => {
  /** An image with so many findings of each sort, in which every text is the given one. */
  function large(n: number, text: string): Evidence {
    const packages = Array.from({ length: n }, (_, i) => pack({ name: `${text}${i}`, version: text, paths: [text] }));
    return evidence({
      packages,
      findings: packages.flatMap((found) => [
        finding(found, { id: 'CVE-2020-0001', severity: 'high', title: text, fixed: [text] }),
        finding(found, { id: text, severity: 'low', answered: { by: 'vex', because: found.name } }),
      ]),
      placed: packages.map(({ name }) => placedSecret({ message: name, title: text, fix: text })),
      licences: packages.map(({ name, purl }) => ({
        expression: name,
        class: 'notice',
        package: purl,
        layer: 1,
        from: 'own',
      })),
      problems: packages.map(({ name }) => ({ code: 'npm/unreadable', message: name, path: text, blinding: true })),
    });
  }

  const reason = { rule: 'x', decision: 'stop', message: 'm', action: 'a' } as const;

  test.each([
    ['comment', 2000, '`-o markdown@summary` has more, `-o json` has all'],
    ['summary', 8000, '`-o json` has all'],
  ])('of a %s is kept at whole rows; what is left out is counted and every sort has its share', (variant, n, more) => {
    const text = render(large(n, 'name'), { decision: 'stop', reasons: [reason] }, variant);
    const sections = text
      .split('<details>\n')
      .slice(1)
      .map((section) => {
        const title = /<summary>([^:]*)/.exec(section)?.[1];
        const shown = section.split('\n').filter((line) => line.startsWith('|')).length - 2;
        const missing = Number(/^([\d,]+) more rows? left out here/m.exec(section)?.[1]?.replace(',', '') ?? 0);
        return { title, shown, all: shown + missing };
      });
    expect(sections.map(({ title, all }) => [title, all])).toEqual([
      ['Why', 1],
      ['Packages', n],
      ['Secrets', n],
      ['What could not be seen', n],
      ['Found, and does not count', n],
      ['Licences', n],
      ['Judged by', 1],
    ]);
    expect(sections.filter(({ shown }) => shown < 1)).toEqual([]);
    const leftOut = sections.reduce((sum, { shown, all }) => sum + all - shown, 0);
    const where = variant === 'summary' ? 'a summary' : 'a comment';
    expect(text).toContain(
      `\n**${leftOut.toLocaleString('en-US')} rows left out** to fit the size limit of ${where}: ${more}.\n`,
    );
    // The room is used.
    expect(Buffer.byteLength(text)).toBeGreaterThan((variant === 'summary' ? 1_048_576 : 65_536) * 0.95);
  });

  test('holds for the longest and worst of texts', () => {
    for (const unit of ['`', '<', '< a ', '|', '\u202e', '\u202e< ', '漢', '\ud800', '` a ', '\u{1F600}', '@a b ']) {
      const text = unit.repeat(3000);
      const reasons = [reason, { ...reason, message: text, action: text, rule: text }].reverse();
      const given = { ...large(30, text), target: { ...samples.trapImage.target, platform: text } };
      render(given, { decision: 'stop', reasons }, 'comment', text);
    }
  });
});
