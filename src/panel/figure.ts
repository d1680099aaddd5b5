import { html, nothing, type TemplateResult } from 'lit-html';
import type { Figure } from '../protocol/messages.ts';
import type { Actions, Ui } from './ui.ts';

const marks: Readonly<Record<Figure['certainty'], string>> = { exact: '', estimate: '≈', 'rule of thumb': '~' };

const certainties: Readonly<Record<Figure['certainty'], string>> = {
  exact: 'Exact.',
  estimate: 'An estimate.',
  'rule of thumb': 'A rule of thumb.',
};

/** A number: focus or hover explains it, a click shows the lines that it comes from and keeps the explanation open. */
export function figureView(ui: Ui, actions: Actions, id: string, figure: Figure, label: string): TemplateResult {
  const { text, before, certainty, fields } = figure;
  const isOpen = ui.explained === id;
  const explain = (): void => actions.explain(id);
  const onFocusOut = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    const inside =
      currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
    if (!inside) actions.leave(id, true);
  };
  const onClick = (): void => {
    actions.hold(id);
    actions.reveal(fields.map(({ span }) => span));
  };
  return html`<span
    class="explained"
    @mouseenter=${explain}
    @mouseleave=${() => actions.leave(id, false)}
    @focusin=${explain}
    @focusout=${onFocusOut}
  ><button
    type="button"
    class="figure ${fields.length > 0 ? 'leads' : ''}"
    data-figure=${id}
    aria-describedby=${isOpen ? 'explanation' : nothing}
    @click=${onClick}
  ><span class="unseen">${label} </span>${
    certainty === 'exact' ? nothing : html`<span class="mark" aria-hidden="true">${marks[certainty]}</span>`
  }<span class="now">${text}</span>${
    certainty === 'exact' ? nothing : html`<span class="unseen">, ${certainty}</span>`
  }${before === undefined ? nothing : html` <del><span class="unseen">instead of </span>${before}</del>`}</button>${
    isOpen ? explanationView(figure, ui.held, actions) : nothing
  }</span>`;
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
