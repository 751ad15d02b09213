/**
 * Identifiers of the SPDX licence list that packages use. One that is missing here is written as a name, which is always
 * right; one that SPDX does not know would make the document invalid.
 */
const ids = `
0BSD AAL AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 AGPL-1.0-only AGPL-1.0-or-later AGPL-3.0 AGPL-3.0-only
AGPL-3.0-or-later Apache-1.0 Apache-1.1 Apache-2.0 APSL-1.0 APSL-2.0 Artistic-1.0 Artistic-1.0-Perl Artistic-2.0
Beerware BlueOak-1.0.0 Bitstream-Vera BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-2-Clause-Views BSD-3-Clause
BSD-3-Clause-Attribution BSD-3-Clause-Clear BSD-3-Clause-LBNL BSD-4-Clause BSD-4-Clause-UC BSD-Protection
BSD-Source-Code BSL-1.0 bzip2-1.0.6 CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-3.0 CC-BY-4.0 CC-BY-NC-4.0 CC-BY-NC-SA-4.0
CC-BY-ND-4.0 CC-BY-SA-1.0 CC-BY-SA-2.0 CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0 CC-PDDC CC0-1.0 CDDL-1.0 CDDL-1.1
CECILL-1.0 CECILL-2.0 CECILL-2.1 CECILL-B CECILL-C ClArtistic CNRI-Python CPAL-1.0 CPL-1.0 curl ECL-1.0 ECL-2.0
EFL-1.0 EFL-2.0 EPL-1.0 EPL-2.0 EUPL-1.0 EUPL-1.1 EUPL-1.2 FSFAP FSFUL FSFULLR FTL GFDL-1.1-only GFDL-1.1-or-later
GFDL-1.2-only GFDL-1.2-or-later GFDL-1.3-only GFDL-1.3-or-later GPL-1.0 GPL-1.0+ GPL-1.0-only GPL-1.0-or-later GPL-2.0
GPL-2.0+ GPL-2.0-only GPL-2.0-or-later GPL-3.0 GPL-3.0+ GPL-3.0-only GPL-3.0-or-later HPND HPND-sell-variant ICU IJG
ImageMagick Info-ZIP IPL-1.0 ISC JasPer-2.0 JSON LGPL-2.0 LGPL-2.0+ LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1 LGPL-2.1+
LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0 LGPL-3.0+ LGPL-3.0-only LGPL-3.0-or-later Libpng libpng-2.0 libtiff
LPL-1.02 LPPL-1.3a LPPL-1.3c MirOS MIT MIT-0 MIT-CMU MIT-advertising MIT-feh MITNFA MPL-1.0 MPL-1.1 MPL-2.0
MPL-2.0-no-copyleft-exception MS-PL MS-RL MulanPSL-2.0 NCSA Naumen NetCDF Nokia NPL-1.1 NTP OFL-1.0 OFL-1.1 OLDAP-2.8
OpenSSL OSL-1.0 OSL-2.0 OSL-2.1 OSL-3.0 PHP-3.0 PHP-3.01 PostgreSQL PSF-2.0 Python-2.0 Python-2.0.1 QPL-1.0 RPL-1.5
Ruby SGI-B-2.0 Sleepycat SMLNJ SPL-1.0 SSPL-1.0 SunPro TCL TCP-wrappers Unicode-3.0 Unicode-DFS-2015 Unicode-DFS-2016
Unlicense UPL-1.0 Vim W3C W3C-19980720 W3C-20150513 WTFPL X11 Xnet XFree86-1.1 Zed Zend-2.0 ZPL-1.1 ZPL-2.0 ZPL-2.1
Zlib zlib-acknowledgement
`;

const exceptions = `
389-exception Autoconf-exception-2.0 Autoconf-exception-3.0 Bison-exception-2.2 Bootloader-exception
Classpath-exception-2.0 eCos-exception-2.0 Font-exception-2.0 FLTK-exception GCC-exception-2.0 GCC-exception-3.1
gnu-javamail-exception Libtool-exception Linux-syscall-note LLVM-exception OCaml-LGPL-linking-exception
OpenJDK-assembly-exception-1.0 openvpn-openssl-exception Qt-GPL-exception-1.0 Qt-LGPL-exception-1.1
Swift-exception Universal-FOSS-exception-1.0 WxWindows-exception-3.1
`;

/** Identifiers of licences, as SPDX writes them. */
export const spdxIds: ReadonlySet<string> = new Set(ids.trim().split(/\s+/));

/** Identifiers of exceptions, which stand behind `WITH`. */
export const spdxExceptions: ReadonlySet<string> = new Set(exceptions.trim().split(/\s+/));
