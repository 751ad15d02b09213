import type { RunConfig } from '../model/image.ts';
import { isSecretName, redactCommand } from '../util/redact.ts';

/** What one setting of an image's configuration was and is. */
export interface SettingChange {
  /** `entrypoint`, `user`, `env PATH`, `port 80/tcp`, `label maintainer` … */
  readonly setting: string;
  /** Absent: it was not set. */
  readonly before?: string;
  /** Absent: it is not set any more. */
  readonly after?: string;
}

/** What differs in how containers of two images are run, sorted by setting; secrets in values are not shown. */
export function compareConfigs(before: RunConfig, after: RunConfig): SettingChange[] {
  const old = settingsOf(before);
  const now = settingsOf(after);
  const changes: SettingChange[] = [];
  for (const setting of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [a, b] = [old.get(setting), now.get(setting)];
    if (a === b) continue;
    changes.push({
      setting,
      ...(a === undefined ? {} : { before: shown(setting, a) }),
      ...(b === undefined ? {} : { after: shown(setting, b) }),
    });
  }
  return changes;
}

function settingsOf(run: RunConfig): Map<string, string> {
  const settings = new Map<string, string>();
  const set = (setting: string, value: string): void => {
    if (value !== '') settings.set(setting, value);
  };
  set('user', run.user);
  set('entrypoint', words(run.entrypoint));
  set('cmd', words(run.cmd));
  set('working directory', run.workingDir);
  set('stop signal', run.stopSignal);
  set('healthcheck', words(run.healthcheck));
  for (const port of run.ports) settings.set(`port ${port}`, 'exposed');
  for (const volume of run.volumes) settings.set(`volume ${volume}`, 'declared');
  for (const variable of run.env) {
    const equals = variable.indexOf('=');
    const name = equals < 0 ? variable : variable.slice(0, equals);
    settings.set(`env ${name}`, equals < 0 ? '' : variable.slice(equals + 1));
  }
  for (const [name, value] of run.labels) settings.set(`label ${name}`, value);
  return settings;
}

function words(list: readonly string[]): string {
  return list.length === 0 ? '' : JSON.stringify(list);
}

/** A value without secrets: of a variable or label whose name tells that it is one, nothing at all is shown. */
function shown(setting: string, value: string): string {
  const name = /^(?:env|label) (.*)$/s.exec(setting)?.[1] ?? '';
  return value !== '' && isSecretName(name) ? '***' : redactCommand(value);
}
