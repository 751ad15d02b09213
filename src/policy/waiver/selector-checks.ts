import { digestIn } from '../../model/digest.ts';
import { parseReference } from '../../model/reference.ts';
import { SluiceError } from '../../util/error.ts';
import { compileGlob, compilePattern, longestGlob } from '../../util/glob.ts';
import { compilePurlPattern } from './purl-pattern.ts';

/** What checks one text of a selector. @throws SluiceError with the correction as its hint */
export type Check = (text: string) => void;

/** An id of a flaw, or a fingerprint: no pattern. */
export const checkId: Check = (text) => {
  if (text.length > longestGlob) throw new SluiceError('waivers/id', `it is longer than ${longestGlob} characters`);
  if (/[*\s]/.test(text))
    throw new SluiceError(
      'waivers/id',
      `${JSON.stringify(text.slice(0, 60))} is no id`,
      'name each flaw; package, path, rule and image take patterns',
    );
};

/** A pattern over package URLs. */
export const checkPackage: Check = (text) => {
  compilePurlPattern(text);
};

/** A glob over absolute paths. */
export const checkPath: Check = (text) => {
  if (!text.startsWith('/') && !text.startsWith('**')) {
    const absolute = text.startsWith('./') ? text.slice(1) : `/${text}`;
    throw new SluiceError('waivers/path', 'paths in an image are absolute', `write ${absolute.slice(0, 80)}`);
  }
  compileGlob(text);
};

/** A pattern over ids of rules. */
export const checkRule: Check = (text) => {
  if (!/^[a-z0-9*/._-]+$/.test(text))
    throw new SluiceError('waivers/rule', 'this is no id of a rule', 'such as cis-docker/healthcheck or cis-docker/*');
  compilePattern(text);
};

/** A reference, a pattern over references, or a digest. */
export const checkImage: Check = (text) => {
  if (text.includes('*')) compilePattern(text);
  else if (digestIn(text) === undefined) parseReference(text);
};
