/** The panel of 500 workloads: what a draft costs to compute, and what its state costs to draw in Chromium. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { createService, type Service } from '../../src/core/service.ts';
import { type PanelState, protocolVersion } from '../../src/protocol/messages.ts';
import { findChromium, launchBrowser } from '../support/editor.ts';
import { measure, milliseconds, row } from './measure.ts';

const count = 500;

function manifest(number: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${number}
  namespace: team-${number % 20}
spec:
  replicas: ${1 + (number % 7)}
  template:
    metadata:
      labels: {app: app-${number}}
    spec:
      containers:
        - name: web
          image: example.com/web:${number}
          resources:
            requests: {cpu: ${100 + (number % 9) * 50}m, memory: ${128 + (number % 5) * 64}Mi}
            limits: {memory: ${256 + (number % 5) * 128}Mi}
        - name: proxy
          image: example.com/proxy:1
          resources:
            requests: {cpu: 10m, memory: 32Mi}
`;
}

function asker(service: Service): (run: number) => Pick<PanelState, 'load' | 'sections'> {
  const { settings } = service.settingsFromEditor({});
  const files = Array.from({ length: count }, (_, number) =>
    service.parse({ path: `/k/${number}.yaml`, languageId: '', text: manifest(number) }),
  );
  const [parsed, ...others] = files;
  if (parsed === undefined) throw new Error('there are no workloads');
  const first = service.preview({ parsed, others, settings, draft: {}, inputs: {}, opened: 'all' });
  const ids =
    first.load.kind === 'load'
      ? first.load.workloads.flatMap(({ containers }) => containers[0]?.resources[0]?.request.id ?? [])
      : [];
  return (run) => {
    const id = ids[Math.abs(run * 37) % ids.length] ?? '';
    const draft = run === 0 ? {} : { [id]: `${500 + Math.abs(run)}m` };
    return service.preview({ parsed, others, settings, draft, inputs: {}, rows: 20 });
  };
}

const page = `<!DOCTYPE html><html><body><div id="panel"></div><script>

  globalThis.acquireVsCodeApi = () => ({ postMessage() {}, getState() {}, setState() {} });
  globalThis.paint = (message) => {
    const data = JSON.parse(message);
    const start = performance.now();
    window.dispatchEvent(new MessageEvent('message', { data }));
    document.body.getBoundingClientRect();
    return performance.now() - start;
  };
</script></body></html>`;

/** Types into a field while states arrive, and tells how long the slowest key waited until the page had shown it. */
async function typing(tab: Page, paint: (run: number) => Promise<number>): Promise<number> {
  await tab.evaluate(() => {
    const waits: number[] = [];
    Object.assign(globalThis, { waits });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (name === 'keydown') waits.push(duration);
    }).observe({ type: 'event', buffered: false, durationThreshold: 16 } as PerformanceObserverInit);
  });
  await tab.locator('input[data-field]').first().focus();
  for (let run = 61; run <= 80; run++) {
    // Both at once: the page has to do with a state what it can before the key, and the rest after it.
    await Promise.all([tab.keyboard.press(`${run % 10}`), paint(run)]);
  }
  await tab.waitForTimeout(300);
  return tab.evaluate(() => Math.max(0, ...(globalThis as unknown as { waits: readonly number[] }).waits));
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

/** Prints how long the panel takes. @param dist the folder of the bundles */
export async function panel(dist: string): Promise<void> {
  const ask = asker(createService());
  console.log(`\nThe panel of ${count} workloads`);
  console.log(row('recompute after one draft', await measure(300, (run) => ask(run + 1))));
  if (findChromium() === undefined) {
    console.log('  Chromium was not found: nothing is drawn');
    return;
  }
  const message = (run: number): string => {
    const state: PanelState = {
      ...{
        place: 'editor',
        version: 1,
        file: 'app.yaml',
        pinned: false,
        unkept: [],
        stale: undefined,
        focus: undefined,
      },
      scope: { chosen: 'file', choices: [] },
      ...ask(run),
    };
    return JSON.stringify({ protocol: protocolVersion, kind: 'state', state });
  };
  const browser = await launchBrowser();
  try {
    const paintOn =
      (tab: Page) =>
      (run: number): Promise<number> =>
        tab.evaluate((text) => (globalThis as unknown as { paint(text: string): number }).paint(text), message(run));
    const newTab = async (): Promise<Page> => {
      const tab = await browser.newPage({ viewport: { width: 900, height: 1000 } });
      await tab.setContent(page);
      await tab.addStyleTag({ content: readFileSync(`${dist}/panel.css`, 'utf8') });
      await tab.addScriptTag({ content: readFileSync(`${dist}/panel.js`, 'utf8') });
      return tab;
    };
    // Each time in a new page, which has drawn nothing yet.
    const firsts: number[] = [];
    const wholes: number[] = [];
    for (let run = 0; run < 9; run++) {
      const tab = await newTab();
      firsts.push(await paintOn(tab)(0));
      // Its other sections come with the next frames.
      const whole = await tab.evaluate(async () => {
        const start = performance.now();
        const drawn = () => document.querySelectorAll('[data-section][open] > .body:empty').length === 0;
        while (!drawn()) await new Promise((resolve) => setTimeout(resolve, 1));
        return performance.now() - start;
      });
      wholes.push(whole);
      await tab.close();
    }
    const tab = await newTab();
    const paint = paintOn(tab);
    const times: number[] = [];
    // The first few are for the compiler's sake, as in `measure`.
    for (let run = 1; run <= 20; run++) await paint(run);
    for (let run = 21; run <= 60; run++) times.push(await paint(run));
    console.log(
      `  first paint, median of 9 new pages, ${milliseconds(middle(firsts))}, all sections ${milliseconds(middle(wholes))} later, repaint after one draft median ${milliseconds(middle(times))}`,
    );
    console.log(`  the longest wait of a key typed while drafts come back: ${milliseconds(await typing(tab, paint))}`);
  } finally {
    await browser.close();
  }
}
