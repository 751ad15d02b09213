/** A well-known group whose archives often come without a `pom.properties` (built by Gradle, Ant, sbt or Maven 1). */
interface KnownGroup {
  readonly group: string;
  /** Folder that the classes of such an archive lie in: what merely has the same name is not taken for it. */
  readonly root: string;
  /** Lowest major version that has this group; for artifacts that moved. */
  readonly since: number;
}

/**
 * One a line: artifact, or its beginning with `*`; group; folder of its classes when it isn't the group's own;
 * lowest major version. Of several that fit, the first wins; longer beginnings stand above shorter ones.
 */
const table = `
spring-boot* org.springframework.boot
spring-security* org.springframework.security
spring-data* org.springframework.data
spring-cloud* org.springframework.cloud
spring-session* org.springframework.session
spring-integration* org.springframework.integration
spring-batch* org.springframework.batch
spring-kafka* org.springframework.kafka
spring-amqp org.springframework.amqp
spring-rabbit* org.springframework.amqp
spring-ws* org.springframework.ws
spring-xml org.springframework.ws org/springframework/xml
spring-hateoas org.springframework.hateoas
spring-ldap* org.springframework.ldap
spring-retry org.springframework.retry
spring-plugin* org.springframework.plugin
spring-restdocs* org.springframework.restdocs
spring-vault* org.springframework.vault
spring-graphql* org.springframework.graphql
spring-shell* org.springframework.shell
spring-webflow org.springframework.webflow
spring-oauth2* org.springframework.security
spring-* org.springframework
spring org.springframework
kotlinx-* org.jetbrains.kotlinx kotlinx
kotlin-* org.jetbrains.kotlin kotlin
annotations org.jetbrains
okhttp com.squareup.okhttp3 okhttp3
okhttp com.squareup.okhttp
okhttp-* com.squareup.okhttp3 okhttp3
okio* com.squareup.okio okio
retrofit com.squareup.retrofit2 retrofit2
reactor-netty* io.projectreactor.netty reactor/netty
reactor-* io.projectreactor reactor
rxjava io.reactivex.rxjava3
rxjava io.reactivex.rxjava2 io/reactivex
rxjava io.reactivex rx
micrometer-* io.micrometer
junit-jupiter* org.junit.jupiter
junit-platform* org.junit.platform
junit-vintage* org.junit.vintage
junit junit
mockito-* org.mockito
groovy* org.apache.groovy groovy 4
groovy* org.codehaus.groovy groovy
lombok org.projectlombok lombok
caffeine com.github.ben-manes.caffeine com/github/benmanes/caffeine
graphql-java com.graphql-java graphql
bcprov* org.bouncycastle
bcpkix* org.bouncycastle
bcutil* org.bouncycastle
bctls* org.bouncycastle
bcpg* org.bouncycastle
bcmail* org.bouncycastle
bc-fips org.bouncycastle
tomcat-embed* org.apache.tomcat.embed -
tomcat-* org.apache.tomcat -
xercesImpl xerces org/apache/xerces
xalan xalan org/apache/xalan
serializer xalan org/apache/xml/serializer
xml-apis xml-apis -
log4j log4j org/apache/log4j
lucene-* org.apache.lucene
solr-* org.apache.solr
kafka-* org.apache.kafka
kafka_* org.apache.kafka kafka
zookeeper org.apache.zookeeper
elasticsearch* org.elasticsearch
opensearch* org.opensearch
ant org.apache.ant org/apache/tools/ant
ant-* org.apache.ant org/apache/tools/ant
velocity org.apache.velocity
struts struts org/apache/struts
oro oro org/apache/oro
standard taglibs org/apache/taglibs
jstl javax.servlet javax/servlet/jsp/jstl
activation javax.activation
aopalliance aopalliance org/aopalliance
libthrift org.apache.thrift
jackson-core-asl org.codehaus.jackson
jackson-mapper-asl org.codehaus.jackson
jackson-xc org.codehaus.jackson
jackson-jaxrs org.codehaus.jackson
jdom2 org.jdom org/jdom2
xom xom nu/xom
nekohtml net.sourceforge.nekohtml org/cyberneko
grpc-* io.grpc
jython* org.python
js rhino org/mozilla
bsh org.beanshell bsh
testng org.testng
commons-collections commons-collections org/apache/commons
commons-beanutils* commons-beanutils org/apache/commons
commons-io commons-io org/apache/commons
commons-lang commons-lang org/apache/commons
commons-logging* commons-logging org/apache/commons
commons-codec commons-codec org/apache/commons
commons-fileupload commons-fileupload org/apache/commons
commons-httpclient commons-httpclient org/apache/commons
commons-digester commons-digester org/apache/commons
commons-net commons-net org/apache/commons
commons-cli commons-cli org/apache/commons
commons-dbcp commons-dbcp org/apache/commons
commons-pool commons-pool org/apache/commons
commons-validator commons-validator org/apache/commons
commons-configuration commons-configuration org/apache/commons
commons-chain commons-chain org/apache/commons
commons-daemon commons-daemon org/apache/commons
commons-discovery commons-discovery org/apache/commons
commons-el commons-el org/apache/commons
commons-jxpath commons-jxpath org/apache/commons
commons-* org.apache.commons
mysql-connector-java mysql com/mysql
mysql-connector-j com.mysql
h2 com.h2database org/h2
hsqldb org.hsqldb org/hsqldb 2
hsqldb hsqldb org/hsqldb
derby* org.apache.derby
c3p0 com.mchange
dom4j org.dom4j org/dom4j 2
dom4j dom4j org/dom4j
jaxen jaxen org/jaxen
snappy-java org.xerial.snappy
sqlite-jdbc org.xerial org/sqlite
json org.json
quartz org.quartz-scheduler org/quartz
aspectjweaver org.aspectj
aspectjrt org.aspectj
cglib* cglib net/sf/cglib
asm* org.ow2.asm org/objectweb/asm 4
asm* asm org/objectweb/asm
scala-* org.scala-lang scala
jna* net.java.dev.jna com/sun/jna
`;

const exact = new Map<string, KnownGroup[]>();
const beginnings: [string, KnownGroup][] = [];

for (const line of table.trim().split('\n')) {
  const [artifact = '', group = '', root, since] = line.split(' ');
  const folder = root === undefined ? group.replaceAll('.', '/') : root === '-' ? '' : root;
  const known = { group, root: folder, since: Number(since ?? 0) };
  if (artifact.endsWith('*')) beginnings.push([artifact.slice(0, -1), known]);
  else exact.set(artifact, [...(exact.get(artifact) ?? []), known]);
}

/**
 * The group of a well-known artifact. `hasClassesIn` says whether the archive holds classes below a folder (or none at
 * all, like a starter), so that somebody's own `json-1.0.jar` isn't taken for org.json's.
 */
export function knownGroup(
  artifact: string,
  version: string,
  hasClassesIn: (folder: string) => boolean,
): string | undefined {
  const major = Number.parseInt(version, 10) || 0;
  const fits = (known: KnownGroup): boolean => major >= known.since && hasClassesIn(known.root);
  const named = exact.get(artifact)?.find(fits);
  if (named) return named.group;
  return beginnings.find(([beginning, known]) => artifact.startsWith(beginning) && fits(known))?.[1].group;
}

/** Archives of a Tomcat distribution, which are called otherwise there than on Maven Central; all of `org.apache.tomcat`. */
const tomcatArtifacts = new Map([
  ['bootstrap', 'tomcat'],
  ['catalina', 'tomcat-catalina'],
  ['catalina-ant', 'tomcat-catalina-ant'],
  ['catalina-ha', 'tomcat-catalina-ha'],
  ['catalina-ssi', 'tomcat-ssi'],
  ['catalina-storeconfig', 'tomcat-storeconfig'],
  ['catalina-tribes', 'tomcat-tribes'],
  ['annotations-api', 'tomcat-annotations-api'],
  ['el-api', 'tomcat-el-api'],
  ['jasper', 'tomcat-jasper'],
  ['jasper-el', 'tomcat-jasper-el'],
  ['jaspic-api', 'tomcat-jaspic-api'],
  ['jsp-api', 'tomcat-jsp-api'],
  ['servlet-api', 'tomcat-servlet-api'],
  ['websocket-api', 'tomcat-websocket-api'],
]);

/** The artifact on Maven Central of an archive whose manifest says that it is of Apache Tomcat. */
export function tomcatArtifact(stem: string): string | undefined {
  return tomcatArtifacts.get(stem) ?? (stem.startsWith('tomcat') ? stem : undefined);
}
