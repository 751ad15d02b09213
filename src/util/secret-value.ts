import { isSecretName, redactCommand } from './redact.ts';

/** What stands for a value that is not shown. */
export const hiddenValue = '***';

/** Characters of a value that are looked at. */
const looked = 4_096;

/** Values of settings such as `TOKENIZERS_PARALLELISM` and `PasswordAuthentication`, no secrets whatever the name. */
const isSwitch = /^(?:true|false|yes|no|on|off|none|null|\d{1,3})$/i;

/** Whether the name of a setting tells that its value is a secret, or the value is one by its form. */
export function looksSecret(name: string, value: string): boolean {
  if (value === '' || isSwitch.test(value)) return false;
  // By convention such a setting holds no secret, but the path of a file that does.
  const isPath = /_(?:FILE|PATH|DIR)$/i.test(name.slice(-10)) && value.startsWith('/');
  if (isSecretName(name) && !isPath) return true;
  const start = value.slice(0, looked);
  return redactCommand(start) !== start;
}
