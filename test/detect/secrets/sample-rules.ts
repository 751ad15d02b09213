import type { SecretRuleSet } from '../../../src/detect/secrets/contract.ts';
import { readSecretRules } from '../../../src/detect/secrets/toml/read-rule-set.ts';

/** Rules of each way in which patterns are run: by an anchor, with a run behind it, round a keyword, everywhere. */
export const sampleRules: SecretRuleSet = await readSecretRules(
  `
[[rules]]
id = "token"
description = "A token"
regex = '''\\b(tok_[A-Za-z0-9]{20})\\b'''
keywords = ["tok_"]

[[rules]]
id = "run"
regex = '''\\brun-([a-z0-9]{10,40})\\.([A-Z]{4,8});'''
keywords = ["run-"]
secretGroup = 1

[[rules]]
id = "far"
regex = '''\\b[a-f0-9]{32}\\b'''
keywords = ["service"]

[[rules]]
id = "anywhere"
regex = '''<<([0-9]{3}-[0-9]{3})>>'''

[[rules]]
id = "password"
regex = '''(?i)[\\w.-]{0,20}?password\\s{0,3}[:=]\\s{0,3}["']?([^\\s"']{8,40})'''
keywords = ["password"]
tags = ["password"]

[[rules]]
id = "file"
path = '''\\.p12$'''
`,
  'rules.toml',
);

/** Values that the rules find; none is a secret of anything. */
export const sampleValues = {
  token: `tok_${'aB3dE6gH9jK2mN5pQ8sT'}`,
  run: 'run-a1b2c3d4e5f6g7.QWER;',
  far: `service ${'3f9a1c7e5b2d8064'.repeat(2)} `,
  anywhere: '<<493-028>>',
  password: 'db.password = "Tr0ub4dor&3zz"',
} as const;
