import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { Axis, CurveBlock } from '../protocol/sections.ts';

const width = 320;
const height = 142;
const left = 38;
const right = 10;
const top = 10;
const bottom = 34;

function along(axis: Axis, value: number, from: number, to: number): number {
  const share = axis.to === axis.from ? 0 : (value - axis.from) / (axis.to - axis.from);
  return from + Math.min(1, Math.max(0, share)) * (to - from);
}

/** A curve with its axes and marks; says the same in words. */
export function curveView({ words, x, y, lines, marks }: CurveBlock): TemplateResult {
  const across = (value: number): number => along(x, value, left, width - right);
  const up = (value: number): number => along(y, value, height - bottom, top);
  return html`<figure class="curve">
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${words}>
      ${y.ticks.map(
        ({ at, text }) => svg`<line class="grid" x1=${left} x2=${width - right} y1=${up(at)} y2=${up(at)}></line>
        <text class="tick" x=${left - 5} y=${up(at) + 3} text-anchor="end">${text}</text>`,
      )}
      ${x.ticks.map(
        ({ at, text }) =>
          svg`<text class="tick" x=${across(at)} y=${height - bottom + 13} text-anchor="middle">${text}</text>`,
      )}
      ${lines.map(
        ({ points }, index) =>
          svg`<polyline class="line line-${index}" points=${points.map((point) => `${across(point.x).toFixed(1)},${up(point.y).toFixed(1)}`).join(' ')}></polyline>`,
      )}
      ${marks.map(
        (mark) => svg`<g class="mark ${mark.before === true ? 'before' : ''}">
          <line x1=${across(mark.x)} x2=${across(mark.x)} y1=${up(y.from)} y2=${up(mark.y)}></line>
          <circle cx=${across(mark.x)} cy=${up(mark.y)} r="3.5"></circle>
          <text x=${across(mark.x) + (mark.x > (x.from + x.to) / 2 ? -6 : 6)} y=${up(mark.y) - 6} text-anchor=${mark.x > (x.from + x.to) / 2 ? 'end' : 'start'}>${mark.label}</text>
        </g>`,
      )}
      <text class="axis" x=${width - right} y=${height - 2} text-anchor="end">${x.label}</text>
    </svg>
    ${lines.length < 2 ? nothing : html`<figcaption>${lines.map(({ label }, index) => html`<span class="key line-${index}">${label}</span>`)}</figcaption>`}
  </figure>`;
}
