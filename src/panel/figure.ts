import { html, nothing, type TemplateResult } from 'lit-html';
import type { Figure } from '../protocol/messages.ts';
import type { Actions, Ui } from './ui.ts';

/** What stands before a number that is not exact. */
export const marks: Readonly<Record<Figure['certainty'], string>> = { exact: '', estimate: '≈', 'rule of thumb': '~' };

const certainties: Readonly<Record<Figure['certainty'], string>> = {
  exact: 'Exact.',
  estimate: 'An estimate.',
  'rule of thumb': 'A rule of thumb.',
};

function figureAt(target: EventTarget | null): string | undefined {
  const around = target instanceof Element ? target.closest('.explained') : null;
  return around?.querySelector<HTMLElement>('[data-figure]')?.dataset['figure'];
}

/** Explains each number below `root` while the pointer or the focus is on it. One listener serves all: a page has hundreds. */
export function explainOnPointing(root: HTMLElement, actions: Actions): void {
  const moved = (from: EventTarget | null, to: EventTarget | null, now: boolean): void => {
    const [left, reached] = [figureAt(from), figureAt(to)];
    if (left === reached) return;
    if (left !== undefined) actions.leave(left, now);
    if (reached !== undefined) actions.explain(reached);
  };
  root.addEventListener('mouseover', ({ target, relatedTarget }) => moved(relatedTarget, target, false));
  root.addEventListener('mouseout', ({ target, relatedTarget }) => moved(target, relatedTarget, false));
  root.addEventListener('focusin', ({ target, relatedTarget }) => moved(relatedTarget, target, true));
  root.addEventListener('focusout', ({ target, relatedTarget }) => moved(target, relatedTarget, true));
}

/** A number: focus or hover explains it, a click shows the lines that it comes from and keeps the explanation open. */
export function figureView(ui: Ui, actions: Actions, id: string, figure: Figure, label: string): TemplateResult {
  const { text, before, certainty, fields } = figure;
  const isOpen = ui.explained === id;
  const onClick = (): void => {
    actions.hold(id);
    actions.reveal(fields.map(({ span }) => span));
  };
  const spoken = `${label} ${text}${certainty === 'exact' ? '' : `, ${certainty}`}${before === undefined ? '' : `, instead of ${before}`}`;
  return html`<span class="explained"><button
    type="button"
    class="figure ${fields.length > 0 ? 'leads' : ''}"
    data-figure=${id}
    aria-label=${spoken}
    aria-describedby=${isOpen ? 'explanation' : nothing}
    @click=${onClick}
  >${certainty === 'exact' ? nothing : html`<span class="mark">${marks[certainty]}</span>`}<span class="now">${text}</span>${
    before === undefined ? nothing : html` <del>${before}</del>`
  }</button>${isOpen ? explanationView(figure, ui.held, actions) : nothing}</span>`;
}

/** Why a number is what it is, with its fields as links. Tab reaches them once the explanation is held. */
function explanationView(
  { explanation, certainty, fields, before }: Figure,
  held: boolean,
  actions: Actions,
): TemplateResult {
  const shown = fields.filter(
    ({ label, span }, at) =>
      fields.findIndex((one) => one.label === label && one.span.start === span.start && one.span.file === span.file) ===
      at,
  );
  return html`<div id="explanation" popover="manual" role="note"><div class="box">
    ${explanation.map((line) => html`<p>${line}</p>`)}
    <p class="certainty">${certainties[certainty]}${before === undefined ? nothing : html` It was ${before} before the draft.`}</p>
    ${
      shown.length === 0
        ? nothing
        : html`<p class="from">From ${shown.map(
            ({ label, span }, at) =>
              html`${at === 0 ? nothing : ', '}<button type="button" class="link" tabindex=${held ? '0' : '-1'} @click=${() => actions.reveal([span])}>${label}</button>`,
          )}</p>`
    }
  </div></div>`;
}

/** Puts the explanation below its number, or above it where there is no room, inside the window. */
export function placeExplanation(): void {
  const box = document.getElementById('explanation');
  const around = box?.parentElement?.querySelector('[data-figure]')?.getBoundingClientRect();
  if (box === null || around === undefined) return;
  if (!box.matches(':popover-open')) box.showPopover();
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(Math.max(0, around.left), Math.max(0, window.innerWidth - width));
  const isBelow = around.bottom + height <= window.innerHeight || around.top < height;
  // The style object, unlike a style attribute, is allowed by the content security policy.
  box.style.left = `${left}px`;
  box.style.top = `${isBelow ? around.bottom : around.top - height}px`;
}
