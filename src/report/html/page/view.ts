/** The lists that there are. */
export const tabs = ['findings', 'packages', 'licences', 'problems'] as const;

/** One of {@link tabs}. */
export type Tab = (typeof tabs)[number];

/** What is looked at: all that a link can share. */
export interface View {
  readonly tab: Tab;
  /** What is searched for. */
  readonly q: string;
  /** Severities; none: all. */
  readonly sev: readonly string[];
  readonly kind: string;
  readonly from: string;
  readonly layer: string;
  /** Name of a package. */
  readonly pkg: string;
  /** A rule that speaks of the finding. */
  readonly rule: string;
  /** Whether there is a fix: `yes` or `no`. */
  readonly fix: string;
  /** `yes`: only what is known to be exploited. */
  readonly kev: string;
  /** `yes`: only what the change brought. */
  readonly new: string;
  /** Findings that count, those that do not (`aside`), or `all`. */
  readonly show: string;
  /** A column, with a minus before it for the other direction; empty: the worst first. */
  readonly sort: string;
  readonly group: string;
  /** Key of what is shown in full. */
  readonly open: string;
}

/** Where everybody begins. */
export const firstView: View = {
  tab: 'findings',
  q: '',
  sev: [],
  kind: '',
  from: '',
  layer: '',
  pkg: '',
  rule: '',
  fix: '',
  kev: '',
  new: '',
  show: '',
  sort: '',
  group: '',
  open: '',
};

/** Longest text that is taken from a link, in characters. */
const longest = 500;

/** Reads what stands behind the `#` of an address; undefined where that is no view but the name of a section. */
export function readView(fragment: string): View | undefined {
  const text = fragment.replace(/^#/, '');
  if (text !== '' && !text.includes('=')) return undefined;
  const given = new URLSearchParams(text);
  const of = (name: string): string => (given.get(name) ?? '').slice(0, longest);
  const tab = tabs.find((name) => name === of('tab')) ?? 'findings';
  const texts = Object.keys(firstView).filter((name) => name !== 'tab' && name !== 'sev');
  const read = Object.fromEntries(texts.map((name) => [name, of(name)])) as unknown as View;
  return { ...read, tab, sev: of('sev').split(',').filter(Boolean) };
}

/** What a view is called behind the `#`; empty for the first one. */
export function writeView(view: View): string {
  const told = new URLSearchParams();
  for (const name of Object.keys(firstView) as (keyof View)[]) {
    const value = view[name];
    const text = Array.isArray(value) ? value.join(',') : String(value);
    if (text !== '' && text !== String(firstView[name])) told.set(name, text);
  }
  return told.toString();
}

/** Whether anything is filtered away that could be shown. */
export function isFiltered({ q, sev, kind, from, layer, pkg, rule, fix, kev, new: fresh }: View): boolean {
  return sev.length > 0 || [q, kind, from, layer, pkg, rule, fix, kev, fresh].some((text) => text !== '');
}
