/** The little of Node that one feature needs where the host has it; the web worker host has no `process`. */
declare const process: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly versions?: { readonly node?: string };
};

declare module 'node:child_process' {
  interface TextStream {
    setEncoding(encoding: 'utf8'): void;
    on(event: 'data', take: (piece: string) => void): void;
  }
  interface Child {
    readonly stdout: TextStream;
    readonly stdin: { on(event: 'error', take: (error: Error) => void): void; end(text: string): void };
    on(event: 'error', take: (error: Error) => void): void;
    on(event: 'close', take: (code: number | null) => void): void;
  }
  export function spawn(
    program: string,
    words: readonly string[],
    options: { readonly cwd: string; readonly timeout: number; readonly windowsHide: boolean },
  ): Child;
}
