import { type HttpClient, RegistryError } from '../core/registry/client.ts';

/** How long one request may take, in milliseconds. */
export const patience = 15_000;

/** What VS Code's cancellation tokens are, as far as they matter here. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

/** A request took too long. */
class TimeoutError extends Error {
  readonly seconds: number;

  constructor(milliseconds: number) {
    super();
    this.seconds = milliseconds / 1000;
  }
}

/** A client that gives up after so many milliseconds a request, and when it is told to. */
export function httpClient(token: Cancellation, milliseconds: number = patience): HttpClient {
  return async ({ method, url, headers }) => {
    const abort = new AbortController();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      abort.abort();
    }, milliseconds);
    const cancelled = token.onCancellationRequested(() => abort.abort());
    try {
      if (token.isCancellationRequested) abort.abort();
      const response = await fetch(url, { method, headers, signal: abort.signal });
      const text = method === 'HEAD' ? '' : await response.text();
      return {
        status: response.status,
        header: (name) => response.headers.get(name) ?? undefined,
        text: async () => text,
      };
    } catch (error) {
      if (late) throw new TimeoutError(milliseconds);
      throw error;
    } finally {
      clearTimeout(timer);
      cancelled.dispose();
    }
  };
}

/** What to tell a person of a request that failed. Never with what was sent. */
export function explained(error: unknown, registry: string): string {
  if (error instanceof RegistryError) return error.message;
  if (error instanceof TimeoutError) return `${registry} did not answer within ${error.seconds} s`;
  // A browser does not say which of its rules forbade a request, but it knows that there is no network.
  if (typeof process !== 'object' && navigator.onLine !== false)
    return `The browser’s rules forbid an extension to ask ${registry}: use VS Code on the desktop or a remote machine for this`;
  return `${registry} could not be reached: is there a network, and does it want a proxy?`;
}
