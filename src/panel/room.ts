/** What has room in the window. */
export interface Room {
  /** Of sections side by side. */
  readonly columns: 1 | 2;
  /** How many digits of a table's font stand side by side in a section. */
  readonly digits: number;
}

/** In pixels: the width from which sections stand side by side, what pads one, and the editor's scrollbar, which comes and goes. */
const twoColumns = 700;
const padding = 28;
const scrollbar = 10;

/** Of a table's font, see `--small` in `base.css`. */
const fontShare = 0.92;

/** The room in the window as it is now. To ask lays the page out: it is asked once for each width. */
export function roomOfWindow(): Room {
  const { font, fontSize } = getComputedStyle(document.body);
  const drawing = document.createElement('canvas').getContext('2d');
  if (drawing !== null) drawing.font = font;
  const digit = drawing?.measureText('0').width ?? Number.parseFloat(fontSize) * 0.6;
  const width = window.innerWidth - scrollbar;
  const columns = width >= twoColumns ? 2 : 1;
  return { columns, digits: Math.floor((width / columns - padding) / (digit * fontShare)) };
}
