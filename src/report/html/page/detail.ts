import { osvPublication, publicationOf } from '../../text-advisory.ts';
import type { PageData, PageFinding, PagePackage, PageSubject, PageUpdate } from '../data.ts';
import { answerWord, markSigns } from './columns.ts';
import { button, type Child, copyButton, copyLine, make, severitySign, webLink } from './dom.ts';
import type { Entry } from './entries.ts';

/** Most findings of one package that are listed beside it. */
const findingsShown = 100;

/** What the panel tells of. */
export interface PanelEvents {
  close(): void;
  step(by: number): void;
  /** The address of what is shown. */
  link(): string;
}

/** The panel that shows one row in full. */
export class Panel {
  readonly element = make('aside', { class: 'panel', id: 'panel', 'aria-labelledby': 'panel-title', hidden: '' });
  readonly #data: PageData;
  readonly #events: PanelEvents;
  #shown = '';

  constructor(data: PageData, events: PanelEvents) {
    this.#data = data;
    this.#events = events;
  }

  /** Shows a row, or nothing. */
  show(entry: Entry | undefined): void {
    const key = entry?.key ?? '';
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.hidden = entry === undefined;
    document.body.classList.toggle('with-panel', entry !== undefined);
    this.element.replaceChildren();
    if (!entry) return;
    const bar = make(
      ...(['div', { class: 'panel-bar' }] as const),
      button('‹', { 'aria-label': 'Previous', title: 'Previous (k)' }, () => this.#events.step(-1)),
      button('›', { 'aria-label': 'Next', title: 'Next (j)' }, () => this.#events.step(1)),
      copyButton(() => this.#events.link(), 'Copy link'),
      button('Close', { class: 'close', title: 'Close (Esc)' }, () => this.#events.close()),
    );
    this.element.append(bar, ...this.#content(entry));
    this.element.scrollTop = 0;
  }

  /** Takes the focus to the title, which is then read. */
  focus(): void {
    this.element.querySelector<HTMLElement>('#panel-title')?.focus({ preventScroll: true });
  }

  #content(entry: Entry): HTMLElement[] {
    if (entry.tab === 'findings') return this.#finding(entry.row, entry.subject);
    if (entry.tab === 'packages') return packageContent(entry.row, entry.findings, this.#data);
    if (entry.tab === 'licences') {
      const { expression, class: of, of: name, stated, path, layer, from } = entry.row;
      const where = layerText(layer, from, this.#data);
      return [
        title(expression),
        list(['Class', of], ['Of', name], ['As it is stated', stated], ['Text in', path], ['Layer', where]),
      ];
    }
    const { code, message, blinding, path, layer } = entry.row;
    const may = blinding ? 'It may hide something: a verdict without it can be wrong.' : 'Nothing can hide behind it.';
    return [
      title(code),
      make('p', {}, message),
      list(['What it means', may], ['File', path], ['Layer', layerText(layer, '', this.#data)]),
    ];
  }

  #finding(row: PageFinding, subject: PageSubject | undefined): HTMLElement[] {
    const { id, severity, message = '', why, decision, rules = [], due, aside } = row;
    const gate =
      decision === undefined
        ? undefined
        : `${decision}: ${rules.join(', ')}${due === undefined ? '' : `, only tracked to ${due}`}`;
    return [
      make('p', { class: 'signs' }, severitySign(severity), ' ', ...markSigns(row)),
      title(row.title || id),
      ...(message === '' || message === row.title ? [] : [make('p', {}, message)]),
      ...(aside === undefined
        ? []
        : [
            make(
              'p',
              { class: 'answered' },
              make('b', {}, 'Does not count: '),
              `${answerWord(row.answeredBy)}. ${aside}`,
            ),
          ]),
      ...(why ? [make('p', {}, why)] : []),
      ...fixPart(row, subject),
      list(
        ['Id', row.kind === 'vulnerability' ? advisoryLinks(id) : make('code', {}, id)],
        ['Gate', gate],
        [
          'Package',
          subject && [
            make('a', { href: `#${new URLSearchParams({ pkg: subject.name })}` }, subject.name),
            ` ${subject.version}`,
            subject.presence === 'installed' ? '' : ` (${subject.presence})`,
          ],
        ],
        ['purl', subject && make('code', {}, subject.purl)],
        [row.places.length > 1 ? 'Places' : 'Place', lines(row.places)],
        ['Layer', layerText(row.layer, row.from, this.#data)],
        ...this.#known(row),
      ),
      ...(row.statements
        ? [
            make('h3', {}, 'VEX'),
            make(
              'ul',
              {},
              row.statements.map((text) => make('li', {}, text)),
            ),
          ]
        : []),
      ...(row.kind === 'vulnerability'
        ? [make('h3', {}, 'Look deeper'), copyLine(explainCommand(id, this.#data))]
        : []),
    ];
  }

  #known(row: PageFinding): Fact[] {
    const {
      score,
      vector,
      severitySource,
      exploited,
      epss,
      risk,
      published,
      cwes,
      aliases,
      links,
      controls,
      tool,
      secret,
      blame,
    } = row;
    const scored = score === undefined ? severitySource : `${score} ${vector ?? ''}`.trimEnd();
    return [
      [
        'Severity',
        scored === undefined
          ? undefined
          : `${row.severity}, ${severitySource === undefined ? '' : `by ${severitySource}`}${score === undefined ? '' : `: ${scored}`}`,
      ],
      ['Exploited', exploited],
      ['EPSS', epss && `${percent(epss[0])} within 30 days, higher than ${percent(epss[1])} of all`],
      ['Risk', risk === undefined ? undefined : `${risk} of 100`],
      ['Secret', secret && lines(secret)],
      [
        'Since the baseline',
        blame?.replace('-', ', ').replace('since', 'disclosed since').replace('known', 'known before'),
      ],
      ['Published', published],
      ['Weakness', cwes && separated(cwes.map(weaknessLink))],
      [
        'Also called',
        aliases && separated(aliases.map((alias) => (row.kind === 'vulnerability' ? advisoryLink(alias) : alias))),
      ],
      ['Serves', controls && controls.length > 0 ? lines(controls) : undefined],
      ['Said by', tool],
      ['Read more', links?.map((url) => make('p', {}, webLink(url)))],
    ];
  }
}

/** A name and what is said by it; nothing is said of what is not known. */
type Fact = readonly [name: string, said: Child];

function list(...facts: readonly Fact[]): HTMLElement {
  const known = facts.filter(
    ([, said]) => said !== undefined && said !== '' && !(Array.isArray(said) && said.length === 0),
  );
  return make(
    'dl',
    {},
    known.flatMap(([name, said]) => [make('dt', {}, name), make('dd', {}, said)]),
  );
}

function title(text: string): HTMLElement {
  return make('h2', { id: 'panel-title', tabindex: '-1' }, text);
}

function lines(texts: readonly string[]): Child {
  return texts.map((text) => make('p', {}, text));
}

function separated(parts: readonly Child[]): Child {
  return parts.flatMap((part, at) => (at === 0 ? [part] : [', ', part]));
}

/** What to do, and the line for it: of this finding, and of all of the package. */
function fixPart({ fix, kind, aside }: PageFinding, subject: PageSubject | undefined): HTMLElement[] {
  if (fix === '') return [];
  const told = make('p', { class: 'fix' }, make('b', {}, 'Fix '), fix);
  const update = kind === 'vulnerability' && aside === undefined ? subject?.update : undefined;
  return [make('div', { class: 'fixes' }, told, ...updateParts(update))];
}

/** The update that ends most of a package's findings. */
function updateParts(update: PageUpdate | undefined): HTMLElement[] {
  if (!update) return [];
  const all = update.clears === update.of ? `all ${update.of}` : `${update.clears} of the ${update.of}`;
  return [
    ...(update.of > 1 ? [make('p', {}, `${update.to} ends ${all} findings of this package.`)] : []),
    ...(update.run === undefined ? [] : [copyLine(update.run)]),
  ];
}

function layerText(layer: number | undefined, from: string | undefined, { layers }: PageData): Child {
  if (layer === undefined) return undefined;
  const whose = from === 'base' ? ' of the base image' : from === 'own' && layers.length > 1 ? ' of its own' : '';
  const made = layers[layer] ?? '';
  return [
    make('a', { href: `#layer=${layer}` }, `layer ${layer}`),
    whose,
    made === '' ? '' : make('code', { class: 'made' }, made),
  ];
}

function advisoryLinks(id: string): Child {
  const { publisher, url } = publicationOf(id);
  const osv = osvPublication(id);
  return [webLink(url, id), ` (${publisher})`, ...(osv.url === url ? [] : [' · ', webLink(osv.url, 'OSV')])];
}

function advisoryLink(id: string): HTMLElement {
  return webLink(publicationOf(id).url, id);
}

function weaknessLink(cwe: string): Child {
  const number = /^CWE-(\d{1,6})$/.exec(cwe)?.[1];
  return number === undefined ? cwe : webLink(`https://cwe.mitre.org/data/definitions/${number}.html`, cwe);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %`;
}

/** A command is copied into a shell: an id that is no id does not stand in it. */
function explainCommand(id: string, { commandTarget }: PageData): string {
  return `sluice explain ${/^[A-Za-z0-9][A-Za-z0-9:._-]*$/.test(id) ? id : 'ID'} ${commandTarget}`;
}

function packageContent(row: PagePackage, findings: readonly PageFinding[], data: PageData): HTMLElement[] {
  const { name, version, purl, kind, presence, paths, layer, from, license, origin, ownedBy, dev } = row;
  const shown = findings.slice(0, findingsShown);
  const items = shown.map((finding) =>
    make(
      'li',
      {},
      severitySign(finding.severity),
      ' ',
      make('a', { href: `#open=${finding.key}` }, finding.id),
      ' ',
      finding.title,
    ),
  );
  const more = findings.length - shown.length;
  const { update } = data.subjects.find((subject) => subject.purl === purl) ?? {};
  return [
    title(`${name} ${version}`),
    ...(update
      ? [make('div', { class: 'fixes' }, make('b', {}, `Update to ${update.to} `), ...updateParts(update))]
      : []),
    list(
      ['Kind', `${kind}, ${presence}${dev ? ', needed to develop alone' : ''}`],
      ['purl', make('code', {}, purl)],
      ['Licence', license],
      ['Built from', origin],
      ['Files belong to', ownedBy && make('code', {}, ownedBy)],
      [paths.length > 1 ? 'Places' : 'Place', lines(paths)],
      ['Layer', layerText(layer, from, data)],
    ),
    make('h3', {}, findings.length === 0 ? 'No findings that count' : 'Findings that count'),
    make('ul', { class: 'plain' }, ...items),
    ...(more > 0
      ? [make('p', {}, `and ${more} more: `, make('a', { href: `#${new URLSearchParams({ pkg: name })}` }, 'show all'))]
      : []),
  ];
}
