import { describe, expect, test } from 'vitest';
import { wantedBy } from '../../src/configuration/applies.ts';
import { readDockerfileInput } from '../../src/configuration/dockerfile-input.ts';
import { evaluateConfiguration } from '../../src/configuration/evaluate.ts';
import type { DocumentText } from '../../src/configuration/inputs.ts';
import type { FileFact } from '../../src/model/collected.ts';
import { evidence, facts, found } from '../policy/make.ts';
import { ask, inputs, inShort, now, ruleOf, rulesOf } from './make.ts';

test('a finding has all that its rule says, its place, and what is the same as long as it is the same thing', async () => {
  const rule = ruleOf(`
severity: high
on: image
each: image.ports
when: each.endsWith('/tcp') && each != '80/tcp'
says: 'port {found} is open'
cause: EXPOSE
aliases: [ZZ-1, AA-1]
controls: [CIS Docker 1.6.0 4.1]
links: ['https://docs.example/a']
`);
  const history = [
    { name: 'EXPOSE', text: 'EXPOSE 22/tcp', from: 'base' as const },
    { name: 'RUN', text: 'RUN make 22', from: 'own' as const, layer: 1 },
    { name: 'EXPOSE', text: 'EXPOSE 80/tcp', from: 'own' as const },
  ];
  const image = facts({ ports: ['22/tcp', '53/udp', '80/tcp'], history });
  const { findings, problems } = await ask([rule], inputs({ evidence: evidence({ image }) }));
  expect(problems).toEqual([]);
  expect(findings).toEqual([
    {
      kind: 'misconfiguration',
      id: 'team/rule',
      aliases: ['AA-1', 'ZZ-1'],
      severity: 'high',
      title: 'Wrong',
      message: 'port 22/tcp is open',
      why: 'It matters.',
      fix: 'End it.',
      links: ['https://docs.example/a'],
      controls: ['CIS Docker 1.6.0 4.1'],
      place: { in: 'configuration', name: 'ExposedPorts 22/tcp', step: 0, from: 'base' },
      fingerprint: findings[0]?.fingerprint,
    },
  ]);
  expect(findings[0]?.fingerprint).toMatch(/^[0-9a-f]{32}$/);
  const later = facts({ ports: ['22/tcp'], history: [] });
  const again = await ask([rule], inputs({ evidence: evidence({ image: later }) }));
  expect(again.findings[0]?.fingerprint).toBe(findings[0]?.fingerprint);
});

describe('places', () => {
  const at = async (lines: string, given: Parameters<typeof inputs>[0] = {}): Promise<readonly string[]> => {
    const { findings, problems } = await ask([ruleOf(lines)], inputs(given));
    expect(problems).toEqual([]);
    return findings.map(inShort);
  };

  test('of the image as a whole', async () => {
    expect(await at('on: image\nwhen: image.root\ncause: USER')).toEqual([
      'Wrong {"in":"configuration","name":"User"}',
    ]);
    expect(await at('on: image\nwhen: image.root')).toEqual(['Wrong {"in":"configuration"}']);
    expect(await at("on: image\nwhen: image.user == 'app'")).toEqual([]);
  });

  test('of variables, labels and annotations', async () => {
    const image = facts({
      env: [{ name: 'A', value: '1', secret: false }],
      labels: { b: '2' },
      annotations: { c: '3' },
    });
    const given = { evidence: evidence({ image }) };
    expect(await at("on: image\neach: image.env\nwhen: image.env[each] == '1'", given)).toEqual([
      'Wrong: A {"in":"environment","name":"A"}',
    ]);
    expect(await at('on: image\neach: image.labels\nwhen: true', given)).toEqual([
      'Wrong: b {"in":"label","name":"b"}',
    ]);
    expect(await at('on: image\neach: image.annotations\nwhen: true', given)).toEqual([
      'Wrong: c {"in":"annotation","name":"c"}',
    ]);
  });

  test('of lines of the history, of which equal ones differ', async () => {
    const line = { name: 'RUN', text: 'RUN curl x | sh', from: 'own' as const, layer: 3 };
    const given = { evidence: evidence({ image: facts({ history: [line, { ...line, layer: 4, from: 'base' }] }) }) };
    const lines = "on: instruction\nwhen: instruction.text.contains('curl')";
    expect(await at(lines, given)).toEqual([
      'Wrong: RUN curl x | sh {"in":"history","step":0,"layer":3,"from":"own"}',
      'Wrong: RUN curl x | sh {"in":"history","step":1,"layer":4,"from":"base"}',
    ]);
    const { findings } = await ask([ruleOf(lines)], inputs(given));
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  test('of accounts, packages and changed files', async () => {
    const account = { name: 'bob', uid: 0, gid: 0, home: '/', shell: '/bin/sh', groups: [], password: 'none' as const };
    const purl = 'pkg:npm/zlib@1.0.0';
    const changed = { path: '/bin/ls', package: purl, state: 'changed' as const, layer: 2 };
    const collected = { queries: [], files: [], accounts: [account], packageFiles: [changed] };
    const given = { evidence: evidence({ packages: [found('zlib', { layer: 1 })], collected }) };
    expect(await at("on: account\nwhen: account.password == 'none'", given)).toEqual([
      'Wrong: bob {"in":"file","path":"/etc/passwd","name":"bob"}',
    ]);
    expect(await at("on: package\nwhen: pkg.name == 'zlib'", given)).toEqual([
      'Wrong: zlib 1.0.0 {"in":"package","layer":1,"from":"own"}',
    ]);
    expect(await at("on: package-file\nwhen: packageFile.state == 'changed'", given)).toEqual([
      'Wrong: /bin/ls {"in":"file","path":"/bin/ls","layer":2,"from":"own"}',
    ]);
    const { findings } = await ask([ruleOf('on: package-file\nwhen: true')], inputs(given));
    expect(findings[0]?.package).toBe(purl);
  });

  const file: FileFact = {
    ...{ path: '/usr/bin/x', kind: 'file', size: 1, mode: 0o4755, uid: 0, gid: 0, layer: 2, from: 'own', queries: [] },
  };

  test('of files that the rule asks for', async () => {
    const rule = ruleOf("on: file\nfiles: { paths: ['/usr/**'], modes: [setuid] }\nwhen: '!file.owned'");
    const id = rule.files?.id ?? '';
    const files = [
      { ...file, queries: [id] },
      { ...file, path: '/usr/bin/y', queries: ['another'] },
    ];
    const { findings } = await ask([rule], inputs({ evidence: evidence({ collected: { queries: [id], files } }) }));
    expect(findings.map(inShort)).toEqual([
      'Wrong: /usr/bin/x {"in":"file","path":"/usr/bin/x","layer":2,"from":"own"}',
    ]);
  });

  test('of settings of documents, with the files that are included', async () => {
    const documents: DocumentText[] = [
      {
        path: '/etc/ssh/sshd_config',
        text: 'Include /etc/ssh/sshd_config.d/*.conf\nPort 22\nPermitRootLogin no\n',
        layer: 4,
        from: 'base',
        owner: 'pkg:deb/debian/openssh-server@1',
      },
      { path: '/etc/ssh/sshd_config.d/a.conf', text: '# ours\nPermitRootLogin yes\nAllowUsers a\nAllowUsers b\n' },
    ];
    const query = 'on: document\ndocument: { format: sshd, paths: [/etc/ssh/sshd_config] }\n';
    const main = '{"in":"file","path":"/etc/ssh/sshd_config"';
    const other = '{"in":"file","path":"/etc/ssh/sshd_config.d/a.conf"';
    const message = 'Wrong: /etc/ssh/sshd_config';
    expect(await at(`${query}when: document.get('permitrootlogin') == 'yes'`, { documents })).toEqual([
      `${message}.d/a.conf ${other},"name":"permitrootlogin","line":2}`,
    ]);
    expect(await at(`${query}when: "document.settings['port'] == '22'"`, { documents })).toEqual([
      `${message} ${main},"layer":4,"from":"base","name":"port","line":2}`,
    ]);
    expect(await at(`${query}when: "!has(document.settings.banner)"`, { documents })).toEqual([
      `${message} ${main},"layer":4,"from":"base"}`,
    ]);
    expect(await at(`${query}when: document.all.exists(s, s.name == 'allowusers')`, { documents })).toEqual([
      `${message}.d/a.conf ${other},"name":"allowusers","line":3} ${other},"name":"allowusers","line":4}`,
    ]);
    const { findings } = await ask([ruleOf(`${query}when: true`)], inputs({ documents }));
    expect(findings[0]?.package).toBe('pkg:deb/debian/openssh-server@1');
  });

  test('of what is no name, the line alone', async () => {
    const text = `${'x'.repeat(200)}\nghp_${'aB3'.repeat(12)}\nshort\n`;
    const rule = ruleOf(
      "on: document\ndocument: { format: lines, paths: [/a] }\nwhen: document.all.exists(s, s.name != '')",
    );
    const { findings } = await ask([rule], inputs({ documents: [{ path: '/a', text }] }));
    const [{ place, also = [] } = { place: undefined }] = findings;
    expect([place, ...also].map((at) => [at?.line, at?.name])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 'short'],
    ]);
  });

  test('of a Dockerfile its lines', async () => {
    const text = 'FROM golang:1 AS build\nRUN make\nFROM alpine:3.20\n\nUSER root\nEXPOSE 22\nRUN make\n';
    const { image, dockerfile } = readDockerfileInput(text, 'images/Dockerfile');
    const target = { kind: 'dockerfile' as const, layers: [] };
    const given = { evidence: evidence({ target, image }), dockerfile };
    const line = (number: number): string => `{"in":"dockerfile","path":"images/Dockerfile","line":${number}}`;
    expect(await at('on: image\nwhen: image.root\ncause: USER', given)).toEqual([`Wrong ${line(5)}`]);
    expect(await at('on: image\nwhen: "!image.hasHealthcheck"\ncause: HEALTHCHECK', given)).toEqual([
      `Wrong ${line(3)}`,
    ]);
    expect(await at("on: image\neach: image.ports\nwhen: each == '22/tcp'\ncause: EXPOSE", given)).toEqual([
      `Wrong: 22/tcp ${line(6)}`,
    ]);
    expect(await at("on: instruction\nwhen: instruction.name == 'RUN'", given)).toEqual([
      `Wrong: RUN make ${line(2)}`,
      `Wrong: RUN make ${line(7)}`,
    ]);
    const named = "on: dockerfile\nwhen: dockerfile.stages.exists(s, s.image == 'alpine:3.20')";
    expect(await at(named, given)).toEqual([`Wrong: images/Dockerfile ${line(3)}`]);
    expect(await at('on: dockerfile\nwhen: dockerfile.stages.size() == 2', given)).toEqual([
      'Wrong: images/Dockerfile {"in":"dockerfile","path":"images/Dockerfile"}',
    ]);
  });
});

describe('rules are asked where what they read is known', () => {
  const image = facts({});

  test('a Dockerfile tells nothing of packages and files', async () => {
    const target = { kind: 'dockerfile' as const, layers: [] };
    const { dockerfile } = readDockerfileInput('FROM scratch\n', 'Dockerfile');
    const given = inputs({ evidence: evidence({ target, image }), dockerfile });
    const silent = ['on: image\nwhen: \'!image.hasPackage("sudo")\'', 'on: image\nwhen: image.packages.size() == 0'];
    for (const lines of silent) expect((await ask([ruleOf(lines)], given)).findings).toEqual([]);
    const explicit = `${silent[1]}\ntargets: [dockerfile]`;
    expect((await ask([ruleOf(explicit)], given)).findings).toHaveLength(1);
  });

  test('only on targets that the rule names', async () => {
    const rule = ruleOf('on: image\nwhen: true\ntargets: [rootfs]');
    expect((await ask([rule], inputs())).findings).toEqual([]);
    const rootfs = inputs({ evidence: evidence({ target: { kind: 'rootfs', layers: [] }, image }) });
    expect((await ask([rule], rootfs)).findings).toHaveLength(1);
  });

  test('what was not collected is not asked for', async () => {
    const rules = rulesOf(
      "on: file\nfiles: { paths: ['/etc/**'] }\nwhen: true",
      'on: account\nwhen: true',
      'on: package-file\nwhen: true',
      'on: document\ndocument: { format: ini, paths: [/etc/a.ini] }\nwhen: true',
      'on: dockerfile\nwhen: true',
    );
    const bare = inputs({ evidence: evidence({}) });
    expect(await ask(rules, bare)).toEqual({ findings: [], problems: [] });
  });

  test('what rules want beyond what every scan finds out', () => {
    expect(wantedBy(rulesOf('on: image\nwhen: image.ports.size() > 0'))).toBeUndefined();
    const [files, accounts] = rulesOf("on: file\nfiles: { paths: ['/etc/**'] }\nwhen: true", 'on: account\nwhen: true');
    expect(files && accounts && wantedBy([files, accounts, files])).toEqual({
      files: [files?.files],
      accounts: true,
      packageFiles: false,
      certificates: false,
      baseTag: false,
    });
  });
});

describe('what can not be asked is a problem', () => {
  test('of a rule that fails', async () => {
    const image = facts({ env: [] });
    const rule = ruleOf("on: image\nwhen: image.env['A'] == '1'");
    const { findings, problems } = await ask([rule], inputs({ evidence: evidence({ image }) }));
    expect(findings).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(/^rules\/failed : the rule team\/rule can't be evaluated: /)]);
  });

  test('of a rule that takes too long over what an image holds', async () => {
    const history = Array.from({ length: 300 }, (_, at) => ({ name: 'RUN', text: `${at}`, from: 'own' as const }));
    const rule = ruleOf(
      'on: image\nwhen: image.history.all(a, image.history.all(b, image.history.all(c, (a + b).startsWith(c) || a != b || b != "")))',
    );
    const { findings, problems } = await evaluateConfiguration(
      [rule],
      inputs({ evidence: evidence({ image: facts({ history }) }) }),
    );
    expect(findings).toEqual([]);
    expect(problems).toEqual([
      {
        code: 'rules/failed',
        message: "the rule team/rule can't be evaluated: the expression takes more than 5000000 steps",
        blinding: true,
      },
    ]);
  });

  test('of a document that is none', async () => {
    const rule = ruleOf('on: document\ndocument: { format: json, paths: ["/etc/*.json"] }\nwhen: true');
    const documents = [
      { path: '/etc/a.json', text: '{' },
      { path: '/etc/b.json', text: '{}' },
    ];
    const { findings, problems } = await ask([rule], inputs({ documents }));
    const place = `{"in":"file","path":"/etc/b.json","from":"own"}`;
    expect(findings.map(inShort)).toEqual([`Wrong: /etc/b.json ${place}`]);
    expect(problems).toEqual([
      "rules/document /etc/a.json: this configuration file can't be read as json: it is no JSON in line 1",
    ]);
  });

  test('of a rule that finds too much', async () => {
    const packages = Array.from({ length: 600 }, (_, at) => found(`p${at}`));
    const { findings, problems } = await ask(
      [ruleOf('on: package\nwhen: true')],
      inputs({ evidence: evidence({ packages }) }),
    );
    expect(findings).toHaveLength(500);
    expect(problems).toEqual(['rules/too-many : team/rule finds more than 500 things: the rest is left out']);
  });
});

test('what an image says steers no terminal and makes no second line', async () => {
  const image = facts({ labels: { 'a\u001b[2J\nb\u202e{found}': 'x' } });
  const rule = ruleOf("on: image\neach: image.labels\nwhen: true\nsays: 'label {found}'");
  const { findings } = await ask([rule], inputs({ evidence: evidence({ image }) }));
  expect(findings[0]?.message).toBe('label a\\x1b[2J b\\u202e{found}');
});

test('a condition is not asked where a word that it needs is missing', async () => {
  const lines = "on: instruction\nwhen: instruction.text.matches('(curl|WGET) +-k') && instruction.from == 'own'";
  const rule = ruleOf(lines);
  expect(rule.words).toEqual({ field: 'text', words: ['curl', 'wget'] });
  const texts = ['RUN CURL -k x', 'RUN curl  -k x', 'RUN WGET -k', 'RUN wget -k', 'RUN true'];
  const history = texts.map((text) => ({ name: 'RUN', text, from: 'own' as const }));
  const { findings } = await ask([rule], inputs({ evidence: evidence({ image: facts({ history }) }) }));
  expect(findings.map(({ place }) => place.step)).toEqual([1, 2]);
  expect(ruleOf("on: instruction\nwhen: instruction.text.matches('(?i)curl')").words).toBeUndefined();
  expect(
    ruleOf("on: instruction\nwhen: instruction.text.matches('curl') || instruction.from == 'own'").words,
  ).toBeUndefined();
});

test('rules on days go by the day that is given', async () => {
  const rule = ruleOf("on: image\nwhen: today == '2026-06-10'");
  expect((await ask([rule], inputs({ now }))).findings).toHaveLength(1);
});
