import { type Edited, edited, refused } from './contract.ts';
import { finalChain, readStages, type Stage } from './dockerfile-stages.ts';
import { type PackageUpdate, updateCommand } from './package-update.ts';
import { spliced } from './splices.ts';

/** What may stand behind FROM: a reference, without anything that would be read as more than that. */
const referenceForm = /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,500}$/;

/** Builds the result of a Dockerfile on another image: the FROM of the stage that the last one comes down to. */
export function editFrom(file: string, text: string, reference: string): Edited {
  const parsed = readStages(text);
  const stage = parsed && finalChain(parsed).at(-1);
  if (!stage) return refused('it has no FROM');
  if (!referenceForm.test(reference)) return refused(`${reference} can't stand behind FROM`);
  if (stage.image.toLowerCase() === 'scratch') return refused('the last stage is built on nothing');
  return edited(file, spliced(text, [{ ...stage.imagePlace, text: reference }]));
}

/**
 * Has the last stage of a Dockerfile update packages of the distribution, directly behind its FROM: as root, and as the
 * user of before behind it. `user`: whom the base runs as, where that is known.
 */
export function editPackages(
  file: string,
  text: string,
  manager: string,
  updates: readonly PackageUpdate[],
  user = '',
): Edited {
  const parsed = readStages(text);
  const chain = parsed ? finalChain(parsed) : [];
  const [last] = chain;
  if (!parsed || !last) return refused('it has no FROM');
  if (chain.at(-1)?.image.toLowerCase() === 'scratch') return refused('the last stage is built on nothing');
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const command = updateCommand(manager, updates, ` ${parsed.escape}${eol}    `);
  if (command === undefined) return refused(`nothing is known of how ${manager} updates these packages`);
  const before = userBehindFrom(chain, user);
  const lines = [`RUN ${command}`];
  if (!isRoot(before)) lines.unshift('USER root');
  if (!isRoot(before)) lines.push(`USER ${before}`);
  const put = lines.map((line) => line + eol).join('');
  const isLastLine = last.fromEnd === text.length && !text.endsWith('\n');
  return edited(file, spliced(text, [{ start: last.fromEnd, end: last.fromEnd, text: isLastLine ? eol + put : put }]));
}

/** Who runs what stands behind FROM: whom the stages below end as; else, where this one names nobody, the image's user. */
function userBehindFrom([last, ...below]: readonly Stage[], user: string): string {
  const known = below.find((stage) => stage.user !== undefined)?.user;
  if (known !== undefined) return known;
  return last?.user === undefined ? user : '';
}

/** Whether nobody need be named before and after; what can't stand in a line of a Dockerfile is named nowhere. */
function isRoot(user: string): boolean {
  return user === '' || /^(?:root|0)(?::(?:root|0))?$/.test(user) || !/^[A-Za-z0-9_.:${}-]{1,200}$/.test(user);
}
