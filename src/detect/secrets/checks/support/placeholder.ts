import { isVariable } from './variable.ts';

/** Words that stand where a password is to be put, or that everybody tries first: no secret, whatever their case. */
const words = [
  ...[
    'password',
    'passwd',
    'passwort',
    'passphrase',
    'pass',
    'pw',
    'pwd',
    'secret',
    'token',
    'key',
    'apikey',
    'login',
    'credentials',
  ],
  ...[
    'user',
    'username',
    'admin',
    'administrator',
    'root',
    'toor',
    'guest',
    'test',
    'tester',
    'testing',
    'demo',
    'example',
    'sample',
  ],
  ...[
    'changeme',
    'change',
    'me',
    'changeit',
    'replace',
    'replaceme',
    'insert',
    'enter',
    'your',
    'my',
    'the',
    'a',
    'an',
    'some',
    'new',
  ],
  ...[
    'old',
    'here',
    'string',
    'value',
    'text',
    'hidden',
    'redacted',
    'removed',
    'masked',
    'placeholder',
    'dummy',
    'fake',
    'mock',
  ],
  ...[
    'foo',
    'bar',
    'baz',
    'foobar',
    'foobared',
    'hunter',
    'letmein',
    'welcome',
    'qwerty',
    'abc',
    'abcd',
    'abcdef',
    'xyz',
    'secure',
  ],
  ...[
    'super',
    'supersecret',
    'topsecret',
    'verysecret',
    'very',
    'strong',
    'safe',
    'private',
    'public',
    'access',
    'auth',
    'bearer',
  ],
  ...[
    'client',
    'server',
    'service',
    'db',
    'database',
    'app',
    'application',
    'web',
    'dev',
    'devel',
    'development',
    'prod',
    'staging',
  ],
  ...[
    'local',
    'localhost',
    'default',
    'none',
    'null',
    'nil',
    'undefined',
    'empty',
    'true',
    'false',
    'yes',
    'no',
    'not',
    'set',
    'todo',
  ],
  ...[
    'postgres',
    'postgresql',
    'mysql',
    'mariadb',
    'mongo',
    'mongodb',
    'redis',
    'rabbit',
    'rabbitmq',
    'minio',
    'minioadmin',
    'elastic',
  ],
  ...[
    'oracle',
    'tiger',
    'scott',
    'sa',
    'docker',
    'vagrant',
    'ubuntu',
    'debian',
    'pi',
    'raspberry',
    'jenkins',
    'grafana',
    'keycloak',
  ],
  ...[
    'alice',
    'bob',
    'eve',
    'joe',
    'john',
    'jane',
    'doe',
    'open',
    'sesame',
    'monkey',
    'dragon',
    'iloveyou',
    'insecure',
    'django',
  ],
  ...[
    'airflow',
    'neo',
    'git',
    'github',
    'gitlab',
    'npm',
    'aws',
    'azure',
    'google',
    'mail',
    'email',
    'smtp',
    'api',
    'jwt',
    'session',
  ],
  ...[
    'cookie',
    'hash',
    'salt',
    'encrypted',
    'encryption',
    'signing',
    'or',
    'and',
    'is',
    'it',
    'with',
    'for',
    'if',
    'please',
    'only',
  ],
];
const known = new Set(words);

/** What is filled in later, and what refers to where the secret is. */
const form =
  /^(?:\\?\$[{(]|%[({]|#\{|[{<[(~]|\*{2}|process\.|os\.|env[.:(]|getenv|config[.(]|secrets?[.:/]|vault[.:/]|file:|ref\+|arn:|ssm:|sops|ENC[[(]|data:|https?:|\/|\.{1,2}\/|[A-Z]:\\|xxx|\.\.\.|…)/i;
const holds = /\$\{|\{\{|<[A-Za-z]|\$\(|%\(|%[sd]|\*{3}|x{4}|\.{3}|…|\bnull\b/i;

/** Characters of a value that are looked at. */
const looked = 256;

/** Whether nobody would use a value, as it is a word that stands for one, is filled in later or refers to it. */
export function isPlaceholder(value: string): boolean {
  const text = value.slice(0, looked);
  if (form.test(text) || holds.test(text) || isVariable(text)) return true;
  return isOfKnownWords(text);
}

/** Whether a text is of nothing but {@link words} and digits: `your-api-key`, `Secret123`, `myPassword`. */
function isOfKnownWords(text: string): boolean {
  const parts = text
    .replace(/[0@]/g, (sign) => (sign === '0' ? 'o' : 'a'))
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((part) => part !== '');
  return parts.every((part) => known.has(part) || isTwoWords(part));
}

function isTwoWords(part: string): boolean {
  if (part.length > 32) return false;
  for (let at = 1; at < part.length; at++) {
    if (known.has(part.slice(0, at)) && known.has(part.slice(at))) return true;
  }
  return part.length === 1;
}

/** Hosts by which a documentation names none in particular (RFC 2606, RFC 5737), and the machine itself. */
const nobody =
  /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?|host|hostname|server|domain|your[\w.-]*|my[\w-]*|(?:[\w-]+\.)*(?:foo|bar|foobar|domain|company|mydomain|yourdomain|somewhere|website|site)(?:\.\w{2,6})?|192\.0\.2\.\d+|198\.51\.100\.\d+|203\.0\.113\.\d+)$/i;

/** Whether a host is none that somebody could log in to from elsewhere, or none at all. */
export function isNobodysHost(host: string): boolean {
  return nobody.test(host.slice(0, looked));
}
