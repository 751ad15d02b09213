import { expect, test } from 'vitest';
import { compareConfigs } from '../../src/source/compare-config.ts';
import { parseRunConfig } from '../../src/source/run-config.ts';

const before = parseRunConfig({
  User: 'app',
  Entrypoint: ['/app'],
  Env: ['PATH=/bin', 'API_TOKEN=one', 'GONE=1'],
  ExposedPorts: { '80/tcp': {} },
  Labels: { version: '1' },
});

test('what came, went and changed is told setting by setting, without secrets', () => {
  const after = parseRunConfig({
    Entrypoint: ['/app', '--debug'],
    Cmd: ['serve'],
    Env: ['PATH=/usr/bin:/bin', 'API_TOKEN=two-secret', 'NEW=2'],
    ExposedPorts: { '22/tcp': {}, '80/tcp': {} },
    Labels: { version: '1' },
    WorkingDir: '/srv',
    Volumes: { '/data': {} },
    StopSignal: 'SIGINT',
    Healthcheck: { Test: ['CMD', 'true'] },
  });
  const changes = compareConfigs(before, after);
  expect(JSON.stringify(changes)).not.toContain('two-secret');
  expect(changes).toEqual([
    { setting: 'cmd', after: '["serve"]' },
    { setting: 'entrypoint', before: '["/app"]', after: '["/app","--debug"]' },
    { setting: 'env API_TOKEN', before: '***', after: '***' },
    { setting: 'env GONE', before: '1' },
    { setting: 'env NEW', after: '2' },
    { setting: 'env PATH', before: '/bin', after: '/usr/bin:/bin' },
    { setting: 'healthcheck', after: '["CMD","true"]' },
    { setting: 'port 22/tcp', after: 'exposed' },
    { setting: 'stop signal', after: 'SIGINT' },
    { setting: 'user', before: 'app' },
    { setting: 'volume /data', after: 'declared' },
    { setting: 'working directory', after: '/srv' },
  ]);
});

test('the same configuration has no changes, and one of other types reads as empty', () => {
  expect(compareConfigs(before, before)).toEqual([]);
  const odd = parseRunConfig({ User: 7, Env: 'x', ExposedPorts: [], Labels: 'x', Entrypoint: [1, 'a'] });
  expect(odd).toMatchObject({ user: '', env: [], ports: [], entrypoint: ['', 'a'] });
  expect(parseRunConfig(undefined)).toMatchObject({ user: '', cmd: [] });
});

test('a secret is shown neither behind an option of a command nor in any word of a value', () => {
  const secrets = parseRunConfig({
    Entrypoint: ['sh', '-c', 'run --password "hunter2 hunter3"'],
    Cmd: ['app', '--password', 'hunter2', '--token=hunter2', '--quiet'],
    Env: ['DB_PASSWORD=hunter2 hunter3', 'API_TOKEN="hunter2 hunter3"', 'JSON={"password":"hunter2"}', 'SECRET='],
    Labels: { 'my.secret': 'hunter2 hunter3', note: '--password hunter2 end' },
    Healthcheck: { Test: ['CMD', 'probe', '--api-key', 'hunter2'] },
  });
  expect(compareConfigs(parseRunConfig({}), secrets)).toEqual([
    { setting: 'cmd', after: '["app","--password","***","--token=***","--quiet"]' },
    { setting: 'entrypoint', after: '["sh","-c","run --password \\"***\\""]' },
    { setting: 'env API_TOKEN', after: '***' },
    { setting: 'env DB_PASSWORD', after: '***' },
    { setting: 'env JSON', after: '{"password":"***"}' },
    { setting: 'env SECRET', after: '' },
    { setting: 'healthcheck', after: '["CMD","probe","--api-key","***"]' },
    { setting: 'label my.secret', after: '***' },
    { setting: 'label note', after: '--password *** end' },
  ]);
});
