import { render } from 'lit-html';
import type { PanelRequest, PanelState } from '../protocol/messages.ts';
import { isCount, isFlag, recordOf, shaped } from '../protocol/shape.ts';
import { connect } from './connection.ts';
import { explainOnPointing, placeExplanation } from './figure.ts';
import { roomOfWindow } from './room.ts';
import { type Actions, type Field, rowsAtOnce, type Ui } from './ui.ts';
import { view, waitingView } from './view.ts';

/** How long typing in a field rests before the draft is computed, in milliseconds. */
const quiet = 180;

interface Memory {
  readonly toggled: Readonly<Record<string, boolean>>;
  /** The last request to bring a workload into view that was followed. */
  readonly serial: number;
  readonly scrolled: number;
}

const isMemory = shaped<Memory>({ toggled: recordOf(isFlag), serial: isCount, scrolled: isCount });

function start(root: HTMLElement): void {
  let state: PanelState | undefined;
  const timers = new Map<string, number>();
  const connection = connect((next) => {
    const first = state === undefined;
    state = next;
    draw();
    if (first) drawRest();
    else bringIntoView(next);
  });
  const recalled = connection.recall();
  let memory: Memory = isMemory(recalled) ? recalled : { toggled: {}, serial: 0, scrolled: 0 };
  const remember = (change: Partial<Memory>): void => {
    memory = { ...memory, ...change };
    connection.remember(memory);
  };
  const ui: Ui = {
    editing: new Map(),
    explained: undefined,
    held: false,
    toggled: memory.toggled,
    filled: new Set(),
    room: roomOfWindow(),
    bodies: 1,
    rows: rowsAtOnce,
    notice: undefined,
  };

  const draw = (): void => {
    if (state === undefined) return;
    render(view(state, ui, actions), root);
    placeExplanation();
  };

  /** The bodies of the first state that are not drawn yet, one with each frame; then the page can be scrolled to where it was. */
  const drawRest = (): void => {
    if (state === undefined) return;
    if (ui.bodies > state.sections.length) {
      ui.bodies = Number.POSITIVE_INFINITY;
      window.scrollTo(0, memory.scrolled);
      bringIntoView(state);
      return;
    }
    window.requestAnimationFrame(() =>
      window.setTimeout(() => {
        ui.bodies++;
        draw();
        drawRest();
      }),
    );
  };

  const ask = async (request: PanelRequest): Promise<void> => {
    const outcome = await connection.request(request);
    const notice = outcome.ok ? undefined : outcome.reason;
    if (notice === ui.notice) return;
    ui.notice = notice;
    draw();
  };
  const send = (request: PanelRequest): void => {
    ask(request).catch((error: unknown) => console.error(error));
  };

  const clearTimer = (field: Field): void => {
    window.clearTimeout(timers.get(field.id));
    timers.delete(field.id);
  };

  const actions: Actions = {
    ask(request) {
      if (request.kind === 'reset') ui.editing.clear();
      send(request);
    },
    typed(field, text) {
      ui.editing.set(field.id, text);
      clearTimer(field);
      timers.set(
        field.id,
        window.setTimeout(() => send(field.change(text)), quiet),
      );
    },
    commit(field) {
      clearTimer(field);
      const text = ui.editing.get(field.id);
      if (text === undefined) return;
      // What was typed stays in the field until the host has taken it.
      ask(field.change(text)).then(
        () => {
          if (ui.editing.get(field.id) === text) ui.editing.delete(field.id);
          draw();
        },
        (error: unknown) => console.error(error),
      );
    },
    restore(field) {
      clearTimer(field);
      ui.editing.delete(field.id);
      send(field.undo);
      draw();
    },
    reveal(spans) {
      if (state !== undefined && spans.length > 0) send({ kind: 'reveal', version: state.version, spans });
    },
    explain(figure) {
      if (ui.explained === figure || ui.held) return;
      ui.explained = figure;
      draw();
    },
    leave(figure, now) {
      if (ui.explained !== figure || (ui.held && !now)) return;
      ui.explained = undefined;
      ui.held = false;
      draw();
    },
    hold(figure) {
      ui.explained = figure;
      ui.held = true;
      draw();
    },
    toggled(section, open) {
      ui.toggled = { ...ui.toggled, [section]: open };
      remember({ toggled: ui.toggled });
      draw();
    },
    fill(list) {
      if (ui.filled.has(list)) return;
      ui.filled.add(list);
      draw();
    },
    showRows(count) {
      ui.rows = count;
      draw();
    },
  };

  const endExplanation = (): void => {
    if (ui.explained !== undefined) actions.leave(ui.explained, true);
  };

  const bringIntoView = ({ focus }: PanelState): void => {
    if (focus === undefined || focus.serial <= memory.serial) return;
    const wanted = [...root.querySelectorAll<HTMLElement>('[data-workload]')].find(
      ({ dataset }) => dataset['workload'] === focus.workload,
    );
    if (wanted === undefined) return;
    remember({ serial: focus.serial });
    wanted.scrollIntoView({ block: 'start' });
    wanted.focus({ preventScroll: true });
  };

  explainOnPointing(root, actions);
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') endExplanation();
  });
  window.addEventListener('scroll', placeExplanation, { passive: true });
  window.addEventListener('resize', () => {
    ui.room = roomOfWindow();
    draw();
  });
  window.addEventListener('scrollend', () => remember({ scrolled: Math.max(0, Math.round(window.scrollY)) }));
  render(waitingView, root);
  send({ kind: 'ready' });
}

const root = document.getElementById('panel');
if (root === null) throw new Error('the page has no place for the panel');
start(root);
