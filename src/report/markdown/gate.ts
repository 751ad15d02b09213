import { shortDigest } from '../../model/digest.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Answer } from '../../model/finding.ts';
import type { Reason, ReasonSubject, Verdict, WaiverUse } from '../../model/verdict.ts';
import { minuteText } from '../../policy/minute.ts';
import { count, listed } from '../text-fix.ts';
import { policyName, quadrantTexts, subjectText } from '../text-reason.ts';
import { isElsewhere } from '../text-waiver.ts';
import { code, prose } from './escape.ts';
import type { Section } from './section.ts';

/** Most subjects of a rule, and most answered findings of one answer, that are named. */
const namesShown = 5;

/** Why the gate says what it says, the worst first; last what it only tracks. */
export function reasonSection({ reasons, policy }: Verdict): Section {
  const decisions = ['stop', 'undecided', 'warn', 'track'] as const;
  const counts = decisions.flatMap((decision) => {
    const n = reasons.filter((reason) => reason.decision === decision).length;
    return n === 0 ? [] : [`${n} ${decision}`];
  });
  return {
    title: `Why: ${listed(counts, 'and')}`,
    columns: ['outcome', 'why', 'what to do', 'rule'],
    rows: reasons.map((reason) => [
      reason.decision,
      [prose(reason.message), subjectsText(reason)].filter((text) => text !== '').join('<br>'),
      prose(reason.action ?? ''),
      code(reason.place === undefined || policy === undefined ? reason.rule : `${reason.rule}, ${reason.place}`),
    ]),
    weight: 4,
  };
}

/** What a rule fired on; flaws in packages have tables of their own. */
function subjectsText({ rule, subjects = [], total }: Reason): string {
  if (rule.startsWith('vulnerability/')) return '';
  const shown = subjects.slice(0, namesShown).map((subject) => code(nameOf(subject), 100));
  const more = Math.max(total ?? 0, subjects.length) - shown.length;
  return shown.join(', ') + (more > 0 && shown.length > 0 ? ` and ${more} more` : '');
}

function nameOf(subject: ReasonSubject): string {
  const { at = '' } = subject;
  return at === '' ? subjectText(subject) : `${subject.id} at ${at}`;
}

/** What was suppressed by whom until when, and which waivers suppress nothing any more. Those over other images are none of it. */
export function waiverSection({ waivers = [] }: Verdict): Section {
  const here = waivers.filter((use) => !isElsewhere(use));
  const urgency = ['expired', 'ended', 'matched', 'not-yet', 'shadowed', 'unused'];
  const soonFirst = (use: WaiverUse): number => urgency.indexOf(use.state) - (use.soon ? 0.5 : 0);
  return {
    title: `Waivers: ${count(here.length, 'waiver')}`,
    columns: ['state', 'about', 'answers', 'until', 'owner', 'reason', 'place'],
    rows: here
      .sort((a, b) => soonFirst(a) - soonFirst(b))
      .map(({ state, soon, about, answers, expires, owner, ticket, reason, note, place }) => [
        state === 'matched' && soon ? 'ends soon' : state,
        prose(about),
        String(answers),
        prose(expires),
        prose(ticket === undefined ? owner : `${owner}, ${ticket}`),
        prose(note === undefined ? reason : `${reason}; ${note}`),
        code(place),
      ]),
  };
}

const answerers: Record<Answer['by'], string> = {
  owner: 'the package that owns the files',
  distribution: 'the distribution',
  vex: 'VEX',
  waiver: 'a waiver',
};

/** What was found and does not count: who says so, and why. What one sentence answers stands together. */
export function answeredSection({ findings, placed = [] }: Evidence): Section {
  const answers = new Map<string, { readonly answer: Answer; readonly names: string[] }>();
  const add = (answer: Answer | undefined, name: string): void => {
    if (!answer) return;
    const key = `${answer.by}\0${answer.because}`;
    const known = answers.get(key);
    if (known) known.names.push(name);
    else answers.set(key, { answer, names: [name] });
  };
  for (const { answered, id, name, version } of findings) add(answered, `${id} in ${name} ${version}`);
  for (const { answered, id, title } of placed) add(answered, `${id}: ${title}`);
  const all = [...answers.values()];
  const number = all.reduce((sum, { names }) => sum + names.length, 0);
  return {
    title: `Found, and does not count: ${count(number, 'finding')}`,
    columns: ['who says so', 'why', 'number', 'findings'],
    rows: all.map(({ answer: { by, because }, names }) => {
      const more = names.length - namesShown;
      const shown = names.slice(0, namesShown).map((name) => code(name, 100));
      return [
        answerers[by],
        prose(because),
        String(names.length),
        shown.join(', ') + (more > 0 ? ` and ${more} more` : ''),
      ];
    }),
  };
}

/** By which policy the verdict was made, what the target was held against, and which data it rests on. */
export function judgedBySection({ sources, vex = [] }: Evidence, { policy, baseline }: Verdict): Section {
  const rows: string[][] = [];
  if (policy)
    rows.push(['policy', prose(policyName(policy)), code(shortDigest(policy.digest)), count(policy.rules, 'rule')]);
  if (baseline) {
    const found = quadrantTexts(baseline);
    const about = found.length === 0 ? 'nothing that counts' : found.join(', ');
    rows.push(['baseline', prose(minuteText(baseline.since)), code(shortDigest(baseline.digest ?? '')), about]);
  }
  for (const { ecosystem, origin, records, checkedAt, digest = '' } of sources) {
    if (origin === 'none') continue;
    const about =
      origin === 'feed' ? 'feed' : `${count(records, 'record')}${origin === 'starter' ? ' of the starter set' : ''}`;
    const when = checkedAt === '' ? 'not known when current' : `current ${minuteText(checkedAt)}`;
    rows.push(['data', prose(ecosystem), code(shortDigest(digest)), `${about}, ${prose(when)}`]);
  }
  for (const { document, digest, statements, applied, believed } of vex) {
    const about = `${count(statements, 'statement')}, ${applied} about findings${believed ? '' : ', not believed'}`;
    rows.push(['VEX', prose(document, 100), code(shortDigest(digest)), about]);
  }
  return { title: 'Judged by: policy and data', columns: ['what', 'which', 'digest', 'about'], rows };
}
