import { type EditContext, type Edited, edited, refused, type VersionChange } from './contract.ts';
import { type Splice, spliced } from './splices.ts';
import { childOf, type ElementPlace, elementPlaces, textIn } from './xml-places.ts';

/**
 * Edits the version of a dependency in a pom.xml (Maven POM reference): where it stands as it is, in the management of
 * dependencies, or in a property. `${property}` is filled in once, which is what projects do.
 */
export function editPom(file: string, text: string, change: VersionChange, _context: EditContext): Edited {
  const project = elementPlaces(text);
  if (project?.name !== 'project') return refused('it is no description of a project');
  const splices = new Map<number, Splice>();
  for (const dependency of dependenciesOf(project)) {
    const version = childOf(dependency, 'version');
    if (!version || nameOf(text, dependency, project) !== change.name) continue;
    const place = placeOf(text, version, project);
    if (place && pinned(place.text) === change.from) {
      const start = place.start + place.text.indexOf(change.from);
      splices.set(start, { start, end: start + change.from.length, text: change.to });
    }
  }
  if (splices.size === 0) return refused(`the file does not state ${change.name} ${change.from}`);
  return edited(file, spliced(text, [...splices.values()]));
}

/**
 * Adds a dependency that others bring to those whose versions the project manages, so that Maven takes this version
 * wherever it is asked for (Maven, "Dependency Management").
 */
export function managePom(file: string, text: string, { name, to }: Omit<VersionChange, 'from'>): Edited {
  const project = elementPlaces(text);
  if (project?.name !== 'project') return refused('it is no description of a project');
  const [group, artifact] = name.split(':');
  if (!isPlain(group) || !isPlain(artifact) || !isPlain(to)) return refused(`${name} ${to} can't stand in a pom.xml`);
  const management = childOf(project, 'dependencyManagement');
  const list = childOf(management, 'dependencies');
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = indentOf(text, project.children[0]) || '  ';
  const dependency = (depth: number): string[] => [
    `${unit.repeat(depth)}<dependency>`,
    `${unit.repeat(depth + 1)}<groupId>${group}</groupId>`,
    `${unit.repeat(depth + 1)}<artifactId>${artifact}</artifactId>`,
    `${unit.repeat(depth + 1)}<version>${to}</version>`,
    `${unit.repeat(depth)}</dependency>`,
  ];
  if (list && text[list.innerStart - 2] !== '/') {
    return edited(file, spliced(text, [insertion(list.innerStart, eol + dependency(3).join(eol))]));
  }
  if (management) return refused('its management of dependencies is empty or no list');
  const whole = [
    `${unit}<dependencyManagement>`,
    `${unit.repeat(2)}<dependencies>`,
    ...dependency(3),
    `${unit.repeat(2)}</dependencies>`,
    `${unit}</dependencyManagement>`,
    '',
  ];
  return edited(file, spliced(text, [insertion(project.innerEnd, whole.join(eol))]));
}

function insertion(at: number, text: string): Splice {
  return { start: at, end: at, text };
}

/** Texts that need no escape in XML and are no placeholder. */
function isPlain(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9._+-]{1,200}$/.test(text);
}

/** The blanks before an element on its line. */
function indentOf(text: string, element: ElementPlace | undefined): string {
  if (!element) return '';
  const line = text.slice(text.lastIndexOf('\n', element.start) + 1, element.start);
  return line.trim() === '' && line.length <= 16 ? line : '';
}

function dependenciesOf(project: ElementPlace): ElementPlace[] {
  const lists = [childOf(project, 'dependencies'), childOf(childOf(project, 'dependencyManagement'), 'dependencies')];
  return lists.flatMap((list) => list?.children.filter(({ name }) => name === 'dependency') ?? []);
}

function nameOf(text: string, dependency: ElementPlace, project: ElementPlace): string {
  const part = (name: string): string => {
    const child = childOf(dependency, name);
    if (!child) return '';
    return (placeOf(text, child, project) ?? coordinateIn(text, child, project))?.text ?? '';
  };
  return `${part('groupId')}:${part('artifactId')}`;
}

/** Where the text of an element truly stands: in it, or in the property that it names. */
function placeOf(
  text: string,
  element: ElementPlace,
  project: ElementPlace,
): { text: string; start: number } | undefined {
  const own = textIn(text, element);
  const property = own && propertyIn(own.text);
  return property === undefined ? own : textIn(text, childOf(childOf(project, 'properties'), property));
}

/** The project's own group or version, where the element names that. Nothing is ever edited there. */
function coordinateIn(text: string, element: ElementPlace, project: ElementPlace): { text: string } | undefined {
  const property = propertyIn(textIn(text, element)?.text ?? '') ?? '';
  const coordinate = /^(?:project|pom)\.(groupId|version)$/.exec(property)?.[1];
  if (coordinate === undefined) return undefined;
  return textIn(text, childOf(project, coordinate) ?? childOf(childOf(project, 'parent'), coordinate));
}

function propertyIn(text: string): string | undefined {
  return /^\$\{([^{}]{1,100})\}$/.exec(text)?.[1];
}

/** `[1.0]` asks for just that version. */
function pinned(text: string): string {
  return /^\[([^[\](),]+)\]$/.exec(text)?.[1] ?? text;
}
