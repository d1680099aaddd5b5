/**
 * The globals that the Node host and the web worker host share. Neither `node` nor `dom` types are loaded here, so that
 * what exists in one host only does not compile.
 */
declare function setTimeout(run: () => void, milliseconds?: number): number;
declare function clearTimeout(timer: number | undefined): void;

declare const performance: { now(): number };

declare const console: {
  log(...values: readonly unknown[]): void;
  warn(...values: readonly unknown[]): void;
  error(...values: readonly unknown[]): void;
};

declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}

declare class TextEncoder {
  encode(text?: string): Uint8Array;
}

/** Node's has no `onLine`. */
declare const navigator: { readonly onLine?: boolean };

declare const crypto: { getRandomValues<T extends Uint8Array>(bytes: T): T; randomUUID(): string };

declare class AbortController {
  readonly signal: { readonly aborted: boolean };
  abort(): void;
}

declare function fetch(
  url: string,
  options: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortController['signal'];
  },
): Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;
