/** What the policy and the command line set, as rules read it. */
export class SettingsView {
  readonly failOn: string;
  readonly environment: string;

  constructor(failOn: string, environment: string) {
    this.failOn = failOn;
    this.environment = environment;
  }
}
