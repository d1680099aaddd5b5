/** The one call that dockerfile-ast makes of Node's `Buffer`, which a web worker lacks: reading a string's first bytes. */
export const Buffer = { from: (text: string): Uint8Array => new TextEncoder().encode(text) };
