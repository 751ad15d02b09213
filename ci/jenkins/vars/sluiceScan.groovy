/**
 * Looks into a container image, decides by policy, and ends the build with the reason and the line that fixes it. The agent
 * has sluice on its PATH, or `install` says where it comes from. No credential is asked for.
 *
 *   sluiceScan image: 'my-app.tar'
 *   def gate = sluiceScan(image: 'my-app.tar', failOn: 'critical', enforce: false)   // gate.verdict decides
 *
 * Every flag of `sluice ci` without a name below can be set in the environment, such as SLUICE_VEX=attached.
 */
def call(Map given = [:]) {
  Map variables = [
    image: 'SLUICE_IMAGE', policy: 'SLUICE_POLICY', failOn: 'SLUICE_FAIL_ON', scanners: 'SLUICE_SCANNERS',
    dockerfile: 'SLUICE_DOCKERFILE', baseline: 'SLUICE_BASELINE', environment: 'SLUICE_ENVIRONMENT',
    reports: 'SLUICE_REPORTS', offline: 'SLUICE_OFFLINE', mirror: 'SLUICE_FROM', layerCache: 'SLUICE_CACHE',
    cacheDir: 'SLUICE_CACHE_DIR', install: 'SLUICE_INSTALL', installSha256: 'SLUICE_INSTALL_SHA256',
  ]
  Map settings = [reports: 'sluice-reports', minutes: 15, enforce: true] + given
  List<String> environment = ["SLUICE_BIN=${env.WORKSPACE}/.sluice/bin"]
  for (String name in settings.keySet()) {
    if (name in ['minutes', 'enforce']) { continue }
    // A misspelt name must not leave the gate at what it is by default.
    if (!variables.containsKey(name)) { error("sluiceScan knows no ${name}: there are ${variables.keySet().join(', ')}") }
    // Jenkins would read a dollar as the name of a variable.
    environment.add("${variables[name]}=${settings[name].toString().replace('$', '$$')}".toString())
  }

  int code = 1
  timeout(time: settings.minutes as int, unit: 'MINUTES') {
    withEnv(environment) {
      // The scripts are constants: settings come as variables, and what they hold can't become a command.
      sh(label: 'Put sluice on the PATH', script: libraryResource('sluice/install.sh'))
      code = sh(label: 'Scan, and judge', script: 'PATH=$SLUICE_BIN:$PATH sluice ci', returnStatus: true)
    }
  }
  junit(testResults: "${settings.reports}/junit.xml", allowEmptyResults: true)
  archiveArtifacts(artifacts: "${settings.reports}/**", allowEmptyArchive: true)

  Map result = [exitCode: code, verdict: verdictIn("${settings.reports}/sluice.env"), reports: settings.reports]
  if (code != 0 && settings.enforce) { error("sluice: ${meaning(code)}") }
  return result
}

/** The verdict that the run has left; empty when the work could not be done. */
private String verdictIn(String path) {
  if (!fileExists(path)) { return '' }
  for (String line in readFile(path).split('\n')) {
    if (line.startsWith('SLUICE_VERDICT=')) { return line.substring('SLUICE_VERDICT='.length()) }
  }
  return ''
}

private String meaning(int code) {
  switch (code) {
    case 2: return 'the gate says stop; the log says why, and what to change'
    case 3: return 'undecided: something hid from sluice, or its data is missing or too old'
    default: return "the work could not be done (exit code ${code})"
  }
}
