import type { Advisory, AffectedRange } from '../../model/advisory.ts';
import type { Subject } from '../affected.ts';
import { isModuleBuild } from '../module.ts';

/** Why a range is not about an rpm at all: it is of another module stream, or one of the two is of none. */
export function moduleWords({ summary }: Advisory, range: AffectedRange, { version, module }: Subject): string {
  const fix = range.events.find((event) => event.kind === 'fixed')?.version ?? '';
  const own = module === undefined ? undefined : module.split(':', 2).join(':');
  const ofModule = own === undefined ? `${version} is a module's build` : `this rpm is of the module stream ${own}`;
  if (!isModuleBuild(fix)) return `its fix ${fix} is of no module, and ${ofModule}: the two are built side by side`;
  if (own === undefined && !isModuleBuild(version)) {
    return `its fix ${fix} is a module's build, and this rpm is of no module: the two are built side by side`;
  }
  return `its fix ${fix} is of another module stream${summary === '' ? '' : ` (“${summary}”)`}, and ${ofModule}`;
}
