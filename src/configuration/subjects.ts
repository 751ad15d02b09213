import { subjectVariables } from '../policy/subject/contract.ts';
import { commonVariables, types } from '../policy/subject/fields/all.ts';
import type { ConfigurationSubject } from './contract.ts';

/** The variable of each kind of subject, and its type. */
export function variableOf(on: ConfigurationSubject): { readonly name: string; readonly type: string } {
  if (on === 'document') return { name: 'document', type: 'Document' };
  if (on === 'dockerfile') return { name: 'dockerfile', type: 'Dockerfile' };
  return subjectVariables[on];
}

/** All variables of a rule with their types. `each`: whether it is asked for each text of a field. */
export function variablesFor(on: ConfigurationSubject, each: boolean): Readonly<Record<string, string>> {
  const { name, type } = variableOf(on);
  const { policy: _, ...common } = commonVariables;
  return { ...common, [name]: type, ...(each ? { each: 'string' } : {}) };
}

/** Fields of the image that have texts for each of which a rule can be asked. */
export const eachFields: readonly string[] = Object.entries(types.Image ?? {})
  .filter(([, { type }]) => type === 'list<string>' || type.startsWith('map<string,'))
  .map(([name]) => name);
