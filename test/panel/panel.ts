/** What the tests of the panel share: how it is opened, and how its parts are found. */
import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import type { OpenEditor } from '../support/editor.ts';

/** Opens a file and the panel in its own view, and waits until the panel shows that file. */
export async function openPanel(editor: OpenEditor, file: string): Promise<Frame> {
  await editor.openFile(file);
  await editor.runCommand('Plimsoll: Show Load');
  const panel = await editor.webview('#panel .head', 60_000);
  await panel.locator('.head').filter({ hasText: file }).waitFor();
  return panel;
}

/** Opens every section that is closed. */
export async function openSections(panel: Frame): Promise<void> {
  const closed = panel.locator('.section:not([open]) > summary');
  while ((await closed.count()) > 0) {
    const before = await closed.count();
    await closed.first().click();
    await panel.waitForFunction((count) => document.querySelectorAll('.section:not([open])').length < count, before);
  }
}

/** Chooses from a list, whose choices are drawn when it is reached. */
export async function choose(list: Locator, choice: string | { readonly label: string }): Promise<void> {
  await list.focus();
  await list.selectOption(choice);
}

/** A number by its place: `totals-cpuRequest`. */
export function figure(panel: Frame, id: string): Locator {
  return panel.locator(`[data-figure="${id}"]`);
}

/** The text of an element. */
export async function shown(element: Locator): Promise<string> {
  return (await element.textContent())?.trim() ?? '';
}

/** What a figure says, without its name and without what it was. */
export function number(of: Locator): Promise<string> {
  return shown(of.locator('.now'));
}

/** The first field whose label ends so: `cpu request`, `replicas`. */
export function field(panel: Frame, label: string): Locator {
  return panel.locator(`input[aria-label$=": ${label}"]`).first();
}

/** Gives the keyboard to the text editor of a file that is open. */
export async function focusEditor(editor: OpenEditor, file: string): Promise<void> {
  await editor.page.locator('.tab').filter({ hasText: file }).first().click();
  await editor.page.locator('.monaco-editor.focused').first().waitFor();
}

/** Waits until a file has this text. */
export async function fileBecomes(read: () => Promise<string>, wanted: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline && (await read()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await read(), wanted);
}

/** Makes a panel in one of two editor columns so wide, by the width of the window. */
export async function setWidth({ page }: OpenEditor, panel: Frame, width: number): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const now = await panel.evaluate(() => window.innerWidth);
    if (now === width) return;
    const size = page.viewportSize() ?? assert.fail('the window has no size');
    const change = width - now;
    // Columns share the window: in the end each takes half of what is added.
    await page.setViewportSize({
      ...size,
      width: size.width + (Math.abs(change) > 2 ? 2 * change : Math.sign(change)),
    });
    await panel.waitForTimeout(150);
  }
  assert.fail(
    `the panel does not become ${width} pixels wide, it has ${await panel.evaluate(() => window.innerWidth)}`,
  );
}

/** What of a panel has no room: what sticks out sideways, or has more to show than it shows. */
export function cutOff(panel: Frame): Promise<readonly string[]> {
  return panel.evaluate(() => {
    const found: string[] = [];
    const named = (one: Element): string => `${one.tagName} ${one.className}: ${one.textContent?.trim().slice(0, 40)}`;
    for (const one of document.querySelectorAll<HTMLElement>('#panel *')) {
      if (one.closest('.unseen, .cards > thead, .listed > thead, svg svg, select, details:not([open]) > .body'))
        continue;
      const { left, right, width } = one.getBoundingClientRect();
      if (width === 0) continue;
      if (left < -1 || right > window.innerWidth + 1) found.push(`${named(one)} stands at ${left} to ${right}`);
      const hides = one.tagName === 'INPUT' || getComputedStyle(one).overflowX !== 'visible';
      if (hides && one.scrollWidth > one.clientWidth + 1) found.push(`${named(one)} is cut off`);
    }
    return found;
  });
}
