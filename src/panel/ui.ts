import type { PanelRequest, Place } from '../protocol/messages.ts';
import type { Room } from './room.ts';

/** Lines that a long table draws at first, and with each wish for more: a page of hundreds would not be read, nor drawn at once. */
export const rowsAtOnce = 20;

/** What the panel itself keeps beside the host's state: half-typed fields, the open explanation, which sections are open. */
export interface Ui {
  /** Texts of fields that are being typed, by field id. */
  readonly editing: Map<string, string>;
  /** The figure whose explanation is shown. */
  explained: string | undefined;
  /** The explanation stays although the pointer goes, and its links can be reached with Tab. */
  held: boolean;
  /** Sections that the person has opened or closed. */
  toggled: Readonly<Record<string, boolean>>;
  /** Lists that have been pointed at or reached: until then a closed one holds what is chosen alone. */
  readonly filled: Set<string>;
  room: Room;
  /** How many sections have their bodies: of the first state one more with each frame, so that none blocks the page for long. */
  bodies: number;
  /** How many lines of a long table are drawn. */
  rows: number;
  /** What the host refused last. */
  notice: string | undefined;
}

/** What the view can set going. */
export interface Actions {
  ask(request: PanelRequest): void;
  /** A field's text while it is typed. */
  typed(field: Field, text: string): void;
  /** The field is left, or Enter was pressed in it. */
  commit(field: Field): void;
  /** Escape: what the file says stands again. */
  restore(field: Field): void;
  reveal(spans: readonly Place[]): void;
  /** Shows why a figure is what it is, until the pointer or the focus leaves it. */
  explain(figure: string): void;
  /** Ends the explanation of a figure, unless it is held; `now` ends that too. */
  leave(figure: string, now: boolean): void;
  /** Keeps the explanation of a figure open. */
  hold(figure: string): void;
  toggled(section: string, open: boolean): void;
  /** A list is about to be opened. */
  fill(list: string): void;
  /** Draws more lines of long tables. */
  showRows(count: number): void;
}

/** What a text field of the panel changes. */
export interface Field {
  readonly id: string;
  /** As the host says it stands. */
  readonly text: string;
  readonly change: (text: string) => PanelRequest;
  /** What Escape asks for. */
  readonly undo: PanelRequest;
}
