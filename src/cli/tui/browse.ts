import type { Evidence } from '../../model/evidence.ts';
import type { Verdict } from '../../model/verdict.ts';
import { Browser, type Effect } from '../../report/browse/browser.ts';
import type { Tab } from '../../report/browse/entry.ts';
import { frame, type Header } from '../../report/browse/frame.ts';
import { painter } from '../../report/table/style.ts';
import { summaryText } from '../../report/table/summary.ts';
import { onInterruption } from '../interruption.ts';
import { coloured } from '../terminal.ts';
import { openPage } from './open-page.ts';

/** What is gone through, and where. */
export interface Browsed {
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Longest text that is copied: terminals take no more by OSC 52. */
const longestCopy = 50_000;

/** Shows lists on the terminal until the user quits. */
export async function browse(tabs: readonly Tab[], { evidence, verdict, name, env }: Browsed): Promise<void> {
  const colour = coloured(1, env);
  const { decision } = verdict;
  const header: Header = {
    name,
    colour,
    decision: painter(colour)(decision, ` ${decision.toUpperCase()} `),
    found: summaryText(evidence, verdict),
  };
  const browser = new Browser(tabs);
  // Ink draws nothing where CI is set; whoever looks at this is no CI.
  delete process.env.CI;
  delete process.env.CONTINUOUS_INTEGRATION;
  const { showScreen } = await import('./screen.ts');
  const redraw = { now: () => {} };
  const act = (effect: Effect): boolean => {
    if (effect.do === 'quit') return false;
    if (effect.do === 'copy') browser.message = copy(effect.text);
    else {
      browser.message = `opening ${effect.url}`;
      openPage(effect.url, env, (failed) => {
        browser.message = failed;
        redraw.now();
      });
    }
    return true;
  };
  onInterruption(() => process.stdout.write('\x1b[?25h\x1b[?1049l'));
  await showScreen(
    {
      frame: (columns, rows) => frame(browser, header, columns, rows),
      press: (key) => {
        const effect = browser.press(key);
        return effect === undefined || act(effect);
      },
    },
    redraw,
  );
}

/** Has the terminal put a text on its clipboard (OSC 52); it tells nobody whether it did. */
function copy(text: string): string {
  const cut = text.slice(0, longestCopy).toWellFormed();
  process.stdout.write(`\x1b]52;c;${Buffer.from(cut).toString('base64')}\x07`);
  return `copied: ${cut}`;
}
