import type { LicenceClass } from '../../model/placed-finding.ts';

/**
 * The classes by the words with which the names of their licences begin, in lower case and with `-` for spaces: `permitted`
 * asks for nothing, `notice` to be named, `reciprocal` that changes of its own files are given, `restricted` that the
 * whole work is given, `forbidden` what most companies can't do.
 */
const families: Readonly<Record<Exclude<LicenceClass, 'unknown'>, string>> = {
  permitted: `
    0bsd cc0 mit-0 public-domain publicdomain unlicense wtfpl blessing cc-pddc pddl sax-pd antlr-pd nist-pd
    ncbi-pd ntia-pd sgmlug-pm cc-pdm glwtpl wtfnmfpl libselinux
  `,
  notice: `
    afl apache apachev2 artistic asl blueoak boost bsd bsl bzip2 cc-by curl ftl freetype hpnd ibm-pibs icu ijg
    imagemagick info-zip isc json libpng libtiff linux-openib lpl mit mitnfa ms-pl mulanpsl ncsa nist-software
    ntp ofl ogl-uk openldap oldap openssl perl php pil postgresql psf python rsa-md sgi-b smlnj spencer
    ssh-openssh ssh-short tcl tcp-wrappers ucd unicode unicode-dfs upl vim w3c x11 xnet xfree86 zend zlib
    zlib-acknowledgement zpl new-bsd naumen fair expat simplified-bsd modified-bsd the-mit the-apache the-bsd
    beerware cnri-python ecl cnri-jython multics intel mirros nlod odc-by fsfap fsfullr fsful fsfullrwd xinetd
    crossword dsdp drl ezweb gl2ps hp-1986 hp-1989 jasper latex2e mackerras-3-clause aal adacore-doc adobe-2006
    adobe-display adobe-glyph adobe-utopia afmparse amd-newlib amdplpa aml ampas apafml app-s2p
    aswf-digital-assets bahyph barr bitstream boehm-gc borceux brian-gladman bcrypt-solar-designer caldera
    catharon cdla-permissive cern-ohl-p cfitsio clips cornell-lossless-jpeg crystalstacker cube dec-3-clause doc
    docbook dtoa entessa eudatagrid freebsd-doc furuseth gd generic-xts giftware gtkbook gutmann hdf5 htmltidy
    imlib2 inner-net iso-permission jam jpl-image kastrup kazlib leptonica linux-man-pages-1-para loop lzma-sdk
    makeindex mpi-permissive minpack miros mmixware mup naist netcdf nrl oar offis ogc ogl-canada openvision
    ossp padl pixar pkgconf plexus psutils qhull radvd saxpath sgi-opengl sgp4 shl snprintf softsurfer ssleay
    sun-ppp tekhvc termreadkey ttwl ucar ubuntu-font umich-merit unixcrypt vixie-cron w3m wordnet wsuipa xerox
    xfig xskat xzoom zed zeeff xdebug etalab mpeg-ssg fbm cryptoswift esa-pl-permissive mplus martin-birgmeier
    mpich2 snia sunpro swl tu-berlin ulem xlock xpp cmu-mach bsd-like
  `,
  reciprocal: `
    apsl cddl cecill-c cpl epl eupl freeimage ipl mozilla-public mpl mplv1.0 mplv1.1 mplv2.0 ms-rl ruby eclipse
    the-eclipse spl cern-ohl-w lppl erlpl cpal cdla-sharing cua-opl esa-pl-weak linux-man-pages-copyleft
    motosoto nokia rscpl rpsl sissl simpl sugarcrm zimbra ypl liliq-r
  `,
  restricted: `
    bcl cc-by-nd cc-by-sa cecill cern-ohl-s gfdl gnu-gpl gnu-lgpl gnu-general gnu-lesser gnu-library gpl gplv1
    gplv2 gplv3 gpl1 gpl2 gpl3 lgpl lgplv2 lgplv2.1 lgplv3 lgpl2 lgpl2.1 lgpl3 lgpllr nethack npl odbl osl qpl
    sleepycat ngpl rpl cal cc-sa copyleft-next d-fsl esa-pl-strong liliq-rplus npospl nposl smail-gpl clartistic
  `,
  forbidden: `
    agpl agplv3 agpl3 gnu-affero busl cc-by-nc cc-by-nc-nd cc-by-nc-sa commons-clause elastic facebook polyform
    rsal rsalv2 sspl proprietary commercial unlicensed aladdin parity ppl hippocratic fsl sul c-uda
  `,
};

const byWords = new Map<string, LicenceClass>(
  Object.entries(families).flatMap(([name, words]) =>
    words
      .trim()
      .split(/\s+/)
      .map((word) => [word, name as LicenceClass] as const),
  ),
);

/** Longest name that is looked up, in characters. */
const longestName = 100;

/** How names begin that are nobody's but those who wrote them (SPDX 2.3 annex D). */
const ownName = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-(?:scancode-|fedora-)?/i;

/**
 * The class of one licence by its SPDX id, or by the names that distributions give it: `GPLv2+`, `ASL 2.0`. A name that is
 * not of the SPDX list (`LicenseRef-…`) must be one of the words as a whole, for anything may be called so.
 */
export function classOfLicence(name: string): LicenceClass {
  if (name.length > longestName) return 'unknown';
  const plain = name.trim().replace(ownName, '');
  const isOwn = plain.length < name.trim().length;
  const words = plain
    .toLowerCase()
    .replace(/\+$/, '')
    .split(/[\s_-]+/);
  for (let length = words.length; length > (isOwn ? words.length - 1 : 0); length--) {
    const found = byWords.get(words.slice(0, length).join('-'));
    if (found !== undefined) return found;
  }
  return 'unknown';
}

/** Mildest first; what nobody knows may be as strict as what asks for changes of its own files, and more. */
export const byStrictness: readonly LicenceClass[] = [
  'permitted',
  'notice',
  'reciprocal',
  'unknown',
  'restricted',
  'forbidden',
];
