import { describe, expect, test } from 'vitest';
import type { ConfigurationText, Include } from '../../../src/format/settings/contract.ts';
import { readSettings, type SettingsFormat } from '../../../src/format/settings/read.ts';

/** What a text says: each setting as `line block| name = value`, and what the program goes by. */
async function read(
  format: SettingsFormat,
  text: string,
  others: readonly ConfigurationText[] = [],
  path = '/etc/app/main.conf',
) {
  const include: Include = (pattern) => {
    const start =
      pattern.endsWith('*') || pattern.endsWith('*.conf') ? pattern.slice(0, pattern.indexOf('*')) : undefined;
    return others.filter((one) => (start === undefined ? one.path === pattern : one.path.startsWith(start)));
  };
  const { all, effective, lack } = await readSettings(format, { path, text }, include);
  const shown = all.map((one) => {
    const file = one.path === path ? '' : `${one.path}:`;
    return `${file}${one.line} ${one.block === '' ? '' : `${one.block}| `}${one.name} = ${one.value}`;
  });
  return {
    all: shown,
    effective: Object.fromEntries([...effective].map(([name, { value }]) => [name, value])),
    lack,
    settings: all,
  };
}

test('of sshd the first of several counts, and what stands under Match holds for some', async () => {
  const text = `# as it ships
PermitRootLogin yes
permitrootlogin no
PasswordAuthentication=no
Subsystem sftp "/usr/lib/sftp server" -f AUTH # log
Match User git
  PermitRootLogin yes
Match all
X11Forwarding yes
`;
  const { all, effective, lack } = await read('sshd', text);
  expect(all).toEqual([
    '2 permitrootlogin = yes',
    '3 permitrootlogin = no',
    '4 passwordauthentication = no',
    '5 subsystem = sftp /usr/lib/sftp server -f AUTH',
    '7 match User git| permitrootlogin = yes',
    '9 x11forwarding = yes',
  ]);
  expect(effective).toEqual({
    permitrootlogin: 'yes',
    passwordauthentication: 'no',
    subsystem: 'sftp /usr/lib/sftp server -f AUTH',
    x11forwarding: 'yes',
  });
  expect(lack).toBeUndefined();
});

test('what sshd includes stands where the line is, and keeps its own file', async () => {
  const others = [
    { path: '/etc/ssh/sshd_config.d/10-own.conf', text: 'Match Group admins\nPermitRootLogin yes\n' },
    { path: '/etc/ssh/sshd_config.d/20-own.conf', text: 'PermitRootLogin without-password\n' },
  ];
  const text = 'Include sshd_config.d/*.conf\nPermitRootLogin no\n';
  const { all, effective } = await read('sshd', text, others, '/etc/ssh/sshd_config');
  expect(all).toEqual([
    '/etc/ssh/sshd_config.d/10-own.conf:2 match Group admins| permitrootlogin = yes',
    '/etc/ssh/sshd_config.d/20-own.conf:1 permitrootlogin = without-password',
    '2 permitrootlogin = no',
  ]);
  expect(effective).toEqual({ permitrootlogin: 'without-password' });
});

test('files that include themselves end', async () => {
  const text = 'include /etc/app/main.conf\nport 1\n';
  const own = { path: '/etc/app/main.conf', text };
  const found = await read('redis', text, [own]);
  expect(found.all).toEqual(['2 port = 1']);
  expect(found.lack).toBe('too many files include each other');
});

test('nginx has blocks, quotes, comments and code of other languages', async () => {
  const others = [{ path: '/etc/nginx/conf.d/a.conf', text: 'server {\n  listen 81;\n}\n' }];
  const text = `user nginx; # not root
http {
  server_tokens
    off;
  add_header X-Thing "a; b" always;
  include conf.d/*.conf;
  content_by_lua_block { if x then y = { 1 } end
  }
  server {
    listen 80 default_server;
    location ~ \\.php$ { return 301 https://\${host}$uri; }
  }
}
`;
  const { all, effective, settings } = await read('nginx', text, others, '/etc/nginx/nginx.conf');
  expect(all).toEqual([
    '1 user = nginx',
    '2 http = ',
    '3 http| server_tokens = off',
    '5 http| add_header = X-Thing a; b always',
    '/etc/nginx/conf.d/a.conf:1 http| server = ',
    '/etc/nginx/conf.d/a.conf:2 http > server| listen = 81',
    '7 http| content_by_lua_block = ',
    '9 http| server = ',
    '10 http > server| listen = 80 default_server',
    '11 http > server| location = ~ \\.php$',
    '11 http > server > location ~ \\.php$| return = 301 https://\u0024{host}$uri',
  ]);
  expect(effective).toEqual({ user: 'nginx', http: '' });
  expect(settings[3]?.args).toEqual(['X-Thing', 'a; b', 'always']);
});

test('httpd has sections, of which conditions are none', async () => {
  const others = [{ path: '/srv/www/conf/extra.conf', text: 'ServerTokens Full\n' }];
  const text = `ServerRoot "/srv/www"
ServerTokens Prod
<IfModule mod_x.c>
  TraceEnable \\
    On
</IfModule>
<Directory "/var/www">
  Options Indexes FollowSymLinks
  AllowOverride None
</Directory>
Include conf/extra.conf
`;
  const { all, effective } = await read('httpd', text, others, '/etc/httpd/conf/httpd.conf');
  expect(all).toEqual([
    '1 serverroot = /srv/www',
    '2 servertokens = Prod',
    '4 traceenable = On',
    '7 directory = /var/www',
    '8 directory /var/www| options = Indexes FollowSymLinks',
    '9 directory /var/www| allowoverride = None',
    '/srv/www/conf/extra.conf:1 servertokens = Full',
  ]);
  expect(effective).toEqual({ serverroot: '/srv/www', servertokens: 'Full', traceenable: 'On' });
});

test('redis', async () => {
  const { all, effective } = await read(
    'redis',
    'bind 127.0.0.1 -::1\nprotected-mode yes\nProtected-Mode no\nrequirepass ""\n',
  );
  expect(all).toEqual([
    '1 bind = 127.0.0.1 -::1',
    '2 protected-mode = yes',
    '3 protected-mode = no',
    '4 requirepass = ',
  ]);
  expect(effective).toEqual({ bind: '127.0.0.1 -::1', 'protected-mode': 'no', requirepass: '' });
});

test('postgresql.conf', async () => {
  const text =
    "listen_addresses = '*'\t# all\nport 5432\nlog_line_prefix = 'it''s %m # '\nssl=off # no\ninclude_dir 'conf.d'\n";
  const others = [{ path: '/etc/app/conf.d/x.conf', text: 'SSL = on' }];
  const { all, effective } = await read('postgres', text, others);
  expect(all).toEqual([
    '1 listen_addresses = *',
    '2 port = 5432',
    "3 log_line_prefix = it's %m # ",
    '4 ssl = off',
    '/etc/app/conf.d/x.conf:1 ssl = on',
  ]);
  expect(effective).toMatchObject({ listen_addresses: '*', ssl: 'on' });
});

test('sudoers tells who may do what', async () => {
  const text = `Defaults env_reset
Defaults:deploy !authenticate
#1000 ALL=(root) /bin/true
# a comment
root    ALL=(ALL:ALL) ALL
alice, bob  web1=NOPASSWD: ALL  # all
%wheel ALL=(ALL) \\
  NOPASSWD: /usr/bin/apt
@includedir /etc/sudoers.d
`;
  const others = [
    { path: '/etc/sudoers.d/app', text: 'app ALL=(ALL) NOPASSWD:ALL\n' },
    { path: '/etc/sudoers.d/app.dpkg-old', text: 'old ALL=(ALL) NOPASSWD:ALL\n' },
    { path: '/etc/sudoers.d/app~', text: 'old ALL=(ALL) NOPASSWD:ALL\n' },
  ];
  const { all } = await read('sudoers', text, others, '/etc/sudoers');
  expect(all).toEqual([
    '1 Defaults = env_reset',
    '2 Defaults = :deploy !authenticate',
    '3 ALL| #1000 = (root) /bin/true',
    '5 ALL| root = (ALL:ALL) ALL',
    '6 web1| alice, bob = NOPASSWD: ALL',
    '7 ALL| %wheel = (ALL) NOPASSWD: /usr/bin/apt',
    '/etc/sudoers.d/app:1 ALL| app = (ALL) NOPASSWD:ALL',
  ]);
});

test('ini has sections, whose keys count by themselves as well', async () => {
  const text =
    '\ufefftop = 1\n[PHP]\nexpose_php = On ; default\ndisable_functions = "exec, system"\n[other]\nskip\nexpose_php=Off\n';
  const { all, effective } = await read('ini', text);
  expect(all).toEqual([
    '1 top = 1',
    '3 PHP| PHP.expose_php = On',
    '4 PHP| PHP.disable_functions = exec, system',
    '6 other| other.skip = ',
    '7 other| other.expose_php = Off',
  ]);
  expect(effective).toEqual({
    top: '1',
    'PHP.expose_php': 'On',
    'PHP.disable_functions': 'exec, system',
    disable_functions: 'exec, system',
    'other.skip': '',
    skip: '',
    'other.expose_php': 'Off',
    expose_php: 'Off',
  });
});

test('properties', async () => {
  const { all, effective } = await read('properties', '! old\na=1\nb : two words\nc\nd.e  f\\\n  g\na=2\n');
  expect(all).toEqual(['2 a = 1', '3 b = two words', '4 c = ', '5 d.e = f g', '7 a = 2']);
  expect(effective).toEqual({ a: '2', b: 'two words', c: '', 'd.e': 'f g' });
});

test('lines of words', async () => {
  const { all, settings } = await read('lines', '# TYPE\nhost all  all 0.0.0.0/0 trust # open\nlocal all all peer\n');
  expect(all).toEqual(['2 host = all all 0.0.0.0/0 trust', '3 local = all all peer']);
  expect(settings[0]?.args).toEqual(['all', 'all', '0.0.0.0/0', 'trust']);
});

test('xml has elements with attributes, on the lines where they begin', async () => {
  const text = `<?xml version="1.0"?>
<!-- <Connector port="1"/> -->
<Server port="8005">
  <Service name="Catalina">
    <Connector port="8080"
       protocol="HTTP/1.1"/>
    <Connector port="8009"/>
  </Service>
  <note> hello </note>
</Server>
`;
  const { all, effective, settings } = await read('xml', text);
  expect(all).toEqual([
    '3 Server = ',
    '3 Server@port = 8005',
    '4 Server| Server.Service = ',
    '4 Server| Server.Service@name = Catalina',
    '5 Server.Service| Server.Service.Connector = ',
    '5 Server.Service| Server.Service.Connector@port = 8080',
    '5 Server.Service| Server.Service.Connector@protocol = HTTP/1.1',
    '7 Server.Service| Server.Service.Connector = ',
    '7 Server.Service| Server.Service.Connector@port = 8009',
    '9 Server| Server.note = hello',
  ]);
  expect(effective['Server.Service.Connector@port']).toBe('8009');
  expect(settings[4]?.attributes).toEqual(
    new Map([
      ['port', '8080'],
      ['protocol', 'HTTP/1.1'],
    ]),
  );
});

const nested = ['server.port = 80', 'hosts = a b', 'hosts.0 = a', 'hosts.1 = b', 'users.0.name = x', 'on = true'];

describe('nested values are called by the way to them', () => {
  test('json, with comments', async () => {
    const text = `{ "server": { "port": 80 }, // here
  "hosts": [
    "a", "b"], /* and
  so */ "users": [{ "name": "x" }],
  "on": true, "none": null
}`;
    const { all } = await read('json', text);
    expect(all.map((line) => line.replace(/^\d+ (?:[\w.]+\| )?/, ''))).toEqual([...nested, 'none = ']);
    expect(all.map((line) => Number.parseInt(line, 10))).toEqual([1, 2, 3, 3, 4, 5, 5]);
  });

  test('yaml, with anchors', async () => {
    const text = 'server:\n  port: 80\nhosts: [a, b]\nusers:\n  - name: &x x\n"on": true\nmode: 0755\nsame: *x\n';
    const { all } = await read('yaml', text);
    expect(all.map((line) => line.replace(/^\d+ (?:[\w.]+\| )?/, ''))).toEqual([...nested, 'mode = 0755', 'same = x']);
    expect(all.map((line) => Number.parseInt(line, 10))).toEqual([2, 3, 3, 3, 5, 6, 7, 8]);
  });

  test('toml', async () => {
    const text =
      'server.port = 80\nhosts = ["a", "b"]\non = true\n[[users]]\nname = "x"\n[deep."a b"]\nkey = 1979-05-27\n';
    const { all, effective } = await read('toml', text);
    expect(all.map((line) => line.replace(/^\d+ (?:[\w. ]+\| )?/, '')).sort()).toEqual(
      [...nested, 'deep.a b.key = 1979-05-27'].sort(),
    );
    expect(all.find((line) => line.includes('users.0.name'))).toBe('5 users.0| users.0.name = x');
    expect(effective['deep.a b.key']).toBe('1979-05-27');
  });
});

describe('what is not of its format is refused', () => {
  test.each([
    ['json', '{"a": }', 'it is no JSON in line 1'],
    ['json', '{\n"a": "b', 'it is no JSON in line 2'],
    ['json', '['.repeat(100), 'it nests deeper than 64 levels'],
    ['yaml', 'a: [', 'it is malformed'],
    ['yaml', `${'['.repeat(500)}`, 'it nests deeper than 64 levels'],
    ['xml', '<a><b></a>', /XML/],
    ['xml', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /document type/],
    ['toml', 'a = ', /./],
  ] as const)('%s %s', async (format, text, message) => {
    await expect(read(format, text)).rejects.toThrow(message);
  });
});
