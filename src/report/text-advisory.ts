/** Who publishes an id, and where it can be read. */
export interface Publication {
  readonly publisher: string;
  readonly url: string;
}

/** Where an id of a vulnerability can be read: its own publisher where that has a page for it, else the OSV database. */
export function publicationOf(id: string): Publication {
  const text = encodeURIComponent(id.toWellFormed());
  if (/^CVE-\d{4}-\d{4,19}$/.test(id)) return { publisher: 'NVD', url: `https://nvd.nist.gov/vuln/detail/${text}` };
  if (/^GHSA(?:-[0-9a-z]{4}){3}$/.test(id))
    return { publisher: 'GitHub', url: `https://github.com/advisories/${text}` };
  return osvPublication(id);
}

/** The page of the OSV record itself. */
export function osvPublication(id: string): Publication {
  return { publisher: 'OSV', url: `https://osv.dev/vulnerability/${encodeURIComponent(id.toWellFormed())}` };
}
