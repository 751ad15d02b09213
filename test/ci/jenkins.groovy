// Plays Jenkins for one step of a shared library: java -cp groovy.jar groovy.ui.GroovyMain jenkins.groovy STEP WORKSPACE NAME=VALUE…
class Refused extends RuntimeException {
  Refused(String message) { super(message) }
}

File step = new File(args[0])
File workspace = new File(args[1])
Map settings = args.drop(2).collectEntries { String pair ->
  String value = pair.substring(pair.indexOf('=') + 1)
  [(pair.substring(0, pair.indexOf('='))): value in ['true', 'false'] ? value == 'true' : value]
}
Map<String, String> environment = [:]

// A dollar before a name stands for that variable, and two dollars for one.
Closure<String> expanded = { String text ->
  text.replaceAll(/\$(\$|\w+|\{\w+})/) { List<String> found ->
    found[1] == '$' ? '$' : (environment[found[1].replaceAll(/[{}]/, '')] ?: found[0])
  }
}

Script script = new GroovyShell(new Binding(env: [WORKSPACE: workspace.path])).parse(step)
ExpandoMetaClass steps = new ExpandoMetaClass(script.class, false, true)
steps.sh = { Map given ->
  File file = new File(workspace.parentFile, 'jenkins-step')
  file.text = given.script
  ProcessBuilder process = new ProcessBuilder('sh', '-xe', file.path).directory(workspace)
  process.environment().putAll(environment + [JENKINS_URL: 'https://jenkins.example/', BRANCH_NAME: 'main'])
  int code = process.inheritIO().start().waitFor()
  if (given.returnStatus) { return code }
  if (code != 0) { throw new Refused("script returned exit code ${code}") }
}
steps.withEnv = { List<String> pairs, Closure body ->
  for (String pair in pairs) {
    environment[pair.substring(0, pair.indexOf('='))] = expanded(pair.substring(pair.indexOf('=') + 1))
  }
  body()
}
steps.timeout = { Map given, Closure body -> println "timeout ${given.time} ${given.unit}"; body() }
steps.libraryResource = { String path -> new File(step.parentFile.parentFile, "resources/${path}").text }
steps.junit = { Map given -> println "junit ${given.testResults} ${given.allowEmptyResults}" }
steps.archiveArtifacts = { Map given -> println "archive ${given.artifacts} ${given.allowEmptyArchive}" }
steps.fileExists = { String path -> new File(workspace, path).exists() }
steps.readFile = { String path -> new File(workspace, path).text }
steps.error = { String message -> throw new Refused(message) }
steps.initialize()
script.metaClass = steps

try {
  Map result = script.call(settings)
  println "result ${result.exitCode} ${result.verdict} ${result.reports}"
} catch (Refused refused) {
  println "error ${refused.message}"
  System.exit(9)
}
