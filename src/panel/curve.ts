import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { Axis, CurveBlock, CurveMark } from '../protocol/sections.ts';

/** Pixels from the floor of the plot to the lowest label of a mark, and from one label to the next. */
const labelsFrom = 9;
const labelHeight = 15;

/** How far along the axis a value is, in percent. */
function along({ from, to }: Axis, value: number): number {
  return to === from ? 0 : Math.min(1, Math.max(0, (value - from) / (to - from))) * 100;
}

/** A curve with its axes and marks; says the same in words. Only its width follows the panel: letters stay as large as all others. */
export function curveView({ words, x, y, lines, marks }: CurveBlock): TemplateResult {
  const across = (value: number): string => `${along(x, value).toFixed(2)}%`;
  const up = (value: number): string => `${(100 - along(y, value)).toFixed(2)}%`;
  const points = (line: CurveBlock['lines'][number]): string =>
    line.points.map((point) => `${along(x, point.x).toFixed(2)},${(100 - along(y, point.y)).toFixed(2)}`).join(' ');
  return html`<figure class="curve">
    <div class="plot"><svg role="img" aria-label=${words} width="100%" height="100%">
      ${y.ticks.map(
        ({ at, text }) => svg`<line class="grid" x1="0" x2="100%" y1=${up(at)} y2=${up(at)}></line>
        <text class="tick" x="-7" y=${up(at)} dy="4" text-anchor="end">${text}</text>`,
      )}
      ${x.ticks.map(({ at, text }) => {
        const place = along(x, at);
        const anchor = place > 90 ? 'end' : place < 4 ? 'start' : 'middle';
        return svg`<text class="tick" x=${across(at)} y="100%" dy="15" text-anchor=${anchor}>${text}</text>`;
      })}
      <svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none">
        ${lines.map((line, index) => svg`<polyline class="line line-${index}" points=${points(line)}></polyline>`)}
      </svg>
      ${marks.map((mark, index) => markView(mark, along(x, mark.x) > 50, index, across(mark.x), up(mark.y)))}
    </svg></div>
    <figcaption>
      <span class="axis">${x.label}</span>
      ${lines.length < 2 ? nothing : lines.map(({ label }, index) => html`<span class="key line-${index}">${label}</span>`)}
    </figcaption>
  </figure>`;
}

/** A mark on the curve, its label beside the line that goes down from it; the labels of several stand one above the other. */
function markView({ label, before }: CurveMark, isRight: boolean, index: number, x: string, y: string): TemplateResult {
  const lift = -(labelsFrom + index * labelHeight);
  return svg`<g class="mark ${before === true ? 'before' : ''}">
    <line x1=${x} x2=${x} y1="100%" y2=${y}></line>
    <circle cx=${x} cy=${y} r="3.5"></circle>
    <text x=${x} y="100%" dx=${isRight ? -6 : 6} dy=${lift} text-anchor=${isRight ? 'end' : 'start'}>${label}</text>
  </g>`;
}
