import { affects, flaw, type Span, type StarterRecord } from './record.ts';

const rce = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const log4j = 'org.apache.logging.log4j:log4j-core';
const struts = 'org.apache.struts:struts2-core';

/** One package and the spans that are affected in all of `names`. */
const maven = (names: readonly string[], ...spans: readonly Span[]) =>
  names.map((name) => affects('Maven', name, ...spans));

/** The most exploited flaws of Java libraries. */
export const java: readonly StarterRecord[] = [
  flaw({
    names: ['CVE-2021-44228', 'GHSA-jfh8-c2jp-5v3q'],
    published: '2021-12-10',
    summary: 'Log4Shell: Log4j 2 loads and runs code from a JNDI address that stands in a logged text',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H',
    affected: maven([log4j], ['2.0-beta9', '2.3.1'], ['2.4', '2.12.2'], ['2.13.0', '2.15.0']),
  }),
  flaw({
    names: ['CVE-2021-45046', 'GHSA-7rjr-3q55-vv33'],
    published: '2021-12-14',
    summary: 'Log4j 2.15.0 closed Log4Shell only in part: lookups in the thread context still reach JNDI',
    cvss: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H',
    affected: maven([log4j], ['2.0-beta9', '2.3.1'], ['2.4', '2.12.2'], ['2.13.0', '2.16.0']),
  }),
  flaw({
    names: ['CVE-2021-45105', 'GHSA-p6xc-xr62-6r2g'],
    published: '2021-12-18',
    summary: 'Log4j 2 recurses without end over a lookup that names itself, so a logged text can stop the program',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:H',
    affected: maven([log4j], ['2.0-alpha1', '2.3.1'], ['2.4', '2.12.3'], ['2.13.0', '2.17.0']),
  }),
  flaw({
    names: ['CVE-2021-44832', 'GHSA-8489-44mv-ggj8'],
    published: '2022-01-04',
    summary: 'Log4j 2 runs remote code when an attacker can change the data source of its JDBC appender',
    cvss: 'CVSS:3.1/AV:N/AC:H/PR:H/UI:N/S:U/C:H/I:H/A:H',
    affected: maven([log4j], ['2.0-beta7', '2.3.2'], ['2.4', '2.12.4'], ['2.13.0', '2.17.1']),
  }),
  flaw({
    names: ['CVE-2022-22965', 'GHSA-36p3-wjmg-h94x'],
    published: '2022-03-31',
    summary:
      'Spring4Shell: data binding of request parameters reaches the class loader and writes code on Java 9 and later',
    cvss: rce,
    affected: maven(
      ['org.springframework:spring-beans', 'org.springframework:spring-webmvc', 'org.springframework:spring-webflux'],
      ['0', '5.2.20.RELEASE'],
      ['5.3.0', '5.3.18'],
    ),
  }),
  flaw({
    names: ['CVE-2022-22963', 'GHSA-6v73-fgf6-w5j7'],
    published: '2022-04-03',
    summary: 'Spring Cloud Function evaluates a routing expression from a request header as code',
    cvss: rce,
    affected: maven(['org.springframework.cloud:spring-cloud-function-context'], ['0', '3.1.7'], ['3.2.0', '3.2.3']),
  }),
  flaw({
    names: ['CVE-2017-5638', 'GHSA-j77q-2qqg-6989'],
    published: '2018-10-18',
    summary: 'Struts 2 evaluates a malformed Content-Type header of an upload as an OGNL expression',
    cvss: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H',
    affected: maven([struts], ['2.3.0', '2.3.32'], ['2.5.0', '2.5.10.1']),
  }),
  flaw({
    names: ['CVE-2018-11776', 'GHSA-cr6j-3jp9-rw65'],
    published: '2018-10-18',
    summary: 'Struts 2 evaluates the path of a request as an expression where a result names no namespace',
    cvss: 'CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H',
    affected: maven([struts], ['2.0.4', '2.3.35'], ['2.5', '2.5.17']),
  }),
  flaw({
    names: ['CVE-2023-50164', 'GHSA-2j39-qcjm-428w'],
    published: '2023-12-07',
    summary: 'Struts 2 lets upload parameters leave the upload folder, so a script can be placed and run',
    cvss: rce,
    affected: maven([struts], ['2.5-BETA1', '2.5.33'], ['6.0.0', '6.3.0.2']),
  }),
  flaw({
    names: ['CVE-2017-7525', 'GHSA-qxxx-2pp7-5hmx'],
    published: '2018-10-16',
    summary: 'jackson-databind with default typing creates any class that the JSON text names',
    cvss: rce,
    affected: maven(
      ['com.fasterxml.jackson.core:jackson-databind'],
      ['0', '2.6.7.1'],
      ['2.7.0', '2.7.9.1'],
      ['2.8.0', '2.8.9'],
    ),
  }),
  flaw({
    names: ['CVE-2015-7501', 'GHSA-fjq5-5j5f-mvxh'],
    published: '2022-05-13',
    summary: 'Commons Collections gives attackers the classes that turn Java deserialization into running commands',
    cvss: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    affected: [
      ...maven(['commons-collections:commons-collections'], ['0', '3.2.2']),
      ...maven(['org.apache.commons:commons-collections4'], ['0', '4.1']),
    ],
  }),
  flaw({
    names: ['CVE-2022-42889', 'GHSA-599f-7c49-w659'],
    published: '2022-10-13',
    summary: 'Text4Shell: string interpolation of Commons Text runs scripts and opens addresses by default',
    cvss: rce,
    affected: maven(['org.apache.commons:commons-text'], ['1.5', '1.10.0']),
  }),
  flaw({
    names: ['CVE-2016-4437', 'GHSA-p836-389h-j692'],
    published: '2022-05-14',
    summary: 'Shiro decrypts the remember-me cookie with a well-known default key and deserializes what comes out',
    cvss: rce,
    affected: maven(['org.apache.shiro:shiro-core'], ['0', '1.2.5']),
  }),
  flaw({
    names: ['CVE-2020-1938', 'GHSA-c9hw-wf7x-jp9j'],
    published: '2020-06-15',
    summary: 'Ghostcat: whoever reaches the AJP port of Tomcat reads files of the web application or runs them',
    cvss: rce,
    affected: maven(
      ['org.apache.tomcat.embed:tomcat-embed-core'],
      ['7.0.0', '7.0.100'],
      ['8.0.0', '8.5.51'],
      ['9.0.0', '9.0.31'],
    ),
  }),
  flaw({
    names: ['CVE-2025-24813', 'GHSA-83qj-6fr2-vhqg'],
    published: '2025-03-10',
    summary:
      'Tomcat with a writable default servlet mixes up the names of partial uploads: files leak, sessions run code',
    cvss: rce,
    affected: maven(
      ['org.apache.tomcat.embed:tomcat-embed-core', 'org.apache.tomcat:tomcat-catalina'],
      ['9.0.0.M1', '9.0.99'],
      ['10.1.0-M1', '10.1.35'],
      ['11.0.0-M1', '11.0.3'],
    ),
  }),
  flaw({
    names: ['CVE-2023-46604', 'GHSA-crg9-44h2-xw35'],
    published: '2023-10-27',
    summary: 'ActiveMQ lets an OpenWire message create any class of the broker, which runs commands',
    cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:L/I:H/A:H',
    affected: [
      ...maven(
        ['org.apache.activemq:activemq-client'],
        ['0', '5.15.16'],
        ['5.16.0', '5.16.7'],
        ['5.17.0', '5.17.6'],
        ['5.18.0', '5.18.3'],
      ),
      ...maven(
        ['org.apache.activemq:activemq-openwire-legacy'],
        ['5.8.0', '5.15.16'],
        ['5.16.0', '5.16.7'],
        ['5.17.0', '5.17.6'],
        ['5.18.0', '5.18.3'],
      ),
    ],
  }),
];
