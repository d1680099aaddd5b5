import {
  isToPanel,
  type Outcome,
  type PanelRequest,
  type PanelState,
  protocolVersion,
  type ToHost,
} from '../protocol/messages.ts';

interface EditorApi {
  postMessage(message: ToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** The host on the other side of the webview. */
export interface Connection {
  /** Sends a request; resolves with what became of it. */
  request(request: PanelRequest): Promise<Outcome>;
  /** What the panel remembers while it is hidden: plain data. */
  recall(): unknown;
  remember(state: unknown): void;
}

/** Connects to the host. Messages that are no messages of ours are dropped and counted in the console. */
export function connect(onState: (state: PanelState) => void): Connection {
  const api = acquireVsCodeApi();
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let lastId = 0;
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!isToPanel(data)) {
      console.warn('Plimsoll: a message that this panel does not know was dropped.');
      return;
    }
    if (data.kind === 'state') {
      onState(data.state);
      return;
    }
    waiting.get(data.to)?.(data.outcome);
    waiting.delete(data.to);
  });
  return {
    request(request) {
      const id = ++lastId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        api.postMessage({ protocol: protocolVersion, id, request });
      });
    },
    recall: () => api.getState(),
    remember: (state) => api.setState(state),
  };
}
