import { isLoopback } from '../source/proxy.ts';
import { SluiceError } from '../util/error.ts';

/** How a URL is shown: without user, password, query and fragment, which may hold secrets. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/**
 * Reads the base URL of an export.
 * @throws SluiceError `advisory/url`.
 */
export function parseBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '') {
    throw new SluiceError('advisory/url', 'the place of the advisories is neither a folder nor an https URL');
  }
  return url;
}

/** The URL of a file below the base; each part becomes one segment, whatever characters it has. */
export function urlBelow(base: URL, ...parts: string[]): URL {
  const url = new URL(base);
  const folder = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  url.pathname = folder + parts.map(encodeURIComponent).join('/');
  return url;
}

/**
 * Plain http lets anyone on the way change what is downloaded: only this machine itself is exempt, or who asks for it.
 * @throws SluiceError `advisory/insecure-url`.
 */
export function checkTransport(url: URL, allowInsecure: boolean): void {
  if (url.protocol === 'https:' || allowInsecure || isLoopback(url)) return;
  throw new SluiceError(
    'advisory/insecure-url',
    `${shownUrl(url)} is not https: anyone on the way could change the advisories`,
    'use an https URL or a folder',
  );
}

/**
 * Where a redirect leads.
 * @throws SluiceError `advisory/redirect` when it leads nowhere, or from https to plain http (a downgrade attack).
 */
export function redirectTarget(from: URL, location: string | undefined, allowInsecure: boolean): URL {
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (!to || (to.protocol !== 'https:' && to.protocol !== 'http:')) {
    throw new SluiceError('advisory/redirect', `${shownUrl(from)} redirects to a place that is no URL of http`);
  }
  if (from.protocol === 'https:' && to.protocol === 'http:' && !allowInsecure) {
    throw new SluiceError('advisory/redirect', `${shownUrl(from)} redirects from https to plain http`);
  }
  checkTransport(to, allowInsecure);
  return to;
}
