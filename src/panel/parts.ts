import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { EditableField, ResourceLine } from '../protocol/messages.ts';
import { rowsAtOnce } from './ui.ts';

function percent(part: number, whole: number): string {
  return `${Math.min(100, Math.max(0, (part / whole) * 100)).toFixed(2)}%`;
}

/**
 * Request and limit on one scale: the request full, what may be used beyond it faint, a mark at the limit. Without a
 * limit the faint part runs off the end.
 * @param full the amount at the right end, in cores or bytes
 */
export function barView({ resource, request, limit }: ResourceLine, full: number): TemplateResult {
  const unset = (field: EditableField): string => (field.text === '' ? field.placeholder : field.text);
  const words = `${resource === 'cpu' ? 'CPU' : 'memory'}: request ${unset(request)}, limit ${unset(limit)}`;
  const reserved = request.amount ?? 0;
  const top = limit.amount;
  const shape =
    full <= 0
      ? nothing
      : svg`<rect class="room ${top === undefined ? 'unbounded' : ''}" x="0" y="6" height="4" width=${percent(top ?? full, full)} rx="2"></rect>
      <rect class="reserved" x="0" y="5" height="6" width=${percent(reserved, full)} rx="2"></rect>
      ${top === undefined ? nothing : svg`<line class="limit" x1=${percent(top, full)} x2=${percent(top, full)} y1="1" y2="15"></line>`}`;
  return html`<svg class="bar ${resource}" role="img" aria-label=${words} height="16" width="100%"><rect class="track" x="0" y="6" height="4" width="100%" rx="2"></rect>${shape}</svg>`;
}

/** The way to the lines of a long table that are not drawn yet. */
export function moreRows(drawn: number, count: number, show: (rows: number) => void): unknown {
  const left = count - drawn;
  if (left <= 0) return nothing;
  return html`<button type="button" class="secondary" @click=${() => show(drawn + rowsAtOnce)}>Show ${Math.min(rowsAtOnce, left)} more of ${left}</button>`;
}
