import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Preview } from '../src/core/features/preview.ts';
import { createService } from '../src/core/service.ts';
import { isToHost, isToPanel, type PanelRequest, protocolVersion } from '../src/protocol/messages.ts';

const inputs = { nodeCpu: '4', nodeMemory: '16Gi', memoryOverhead: '96Mi' };

function previewOf(path: string): Preview {
  const service = createService();
  const text = readFileSync(new URL(path, import.meta.url), 'utf8');
  const { settings } = service.settingsFromEditor({});
  const parsed = service.parse({ path, languageId: 'yaml', text });
  return service.preview({ parsed, others: [], settings, draft: {}, inputs });
}

/** As the editor carries it: JSON, in which what is undefined is gone. */
function carried(preview: Preview): unknown {
  const scope = { chosen: 'file', choices: [{ value: 'file', text: 'this file' }] };
  const state = { place: 'view', version: 1, file: 'x.yaml', pinned: false, scope, ...preview, unkept: ['keys'] };
  return JSON.parse(JSON.stringify({ protocol: protocolVersion, kind: 'state', state }));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every property of an object tree, with a way to put another value there. */
function* places(node: unknown, path = ''): Generator<{ path: string; value: unknown; put(value: unknown): void }> {
  const entries = Array.isArray(node) ? [...node.entries()] : isPlainObject(node) ? Object.entries(node) : [];
  for (const [key, value] of entries) {
    const here = `${path}/${key}`;
    yield {
      path: here,
      value,
      put: (other) => {
        if (Array.isArray(node)) node[Number(key)] = other;
        else if (isPlainObject(node)) node[String(key)] = other;
      },
    };
    yield* places(value, here);
  }
}

describe('messages between host and panel', () => {
  for (const file of [
    'demo/deployment.yaml',
    'demo/compose.yaml',
    'panel/stack.yaml',
    'panel/hostile.yaml',
    'panel/empty.yaml',
    'panel/broken.yaml',
  ]) {
    it(`lets the state of ${file} through`, () => {
      assert.equal(isToPanel(carried(previewOf(`./workspaces/${file}`))), true);
    });
  }

  it('refuses a state with any one part of another kind', () => {
    const whole = JSON.stringify(carried(previewOf('./workspaces/demo/deployment.yaml')));
    const count = [...places(JSON.parse(whole))].length;
    assert.ok(count > 200);
    for (let at = 0; at < count; at++) {
      const message: unknown = JSON.parse(whole);
      const place = [...places(message)][at];
      place?.put(typeof place.value === 'object' ? 7 : { odd: true });
      assert.equal(isToPanel(message), false, place?.path);
    }
  });

  it('refuses another version of the protocol, and what is no message', () => {
    const message = { protocol: protocolVersion, kind: 'reply', to: 1, outcome: { ok: true } };
    assert.equal(isToPanel(message), true);
    assert.equal(isToPanel({ ...message, protocol: protocolVersion + 1 }), false);
    assert.equal(isToPanel({ ...message, outcome: { ok: false } }), false);
    for (const odd of [undefined, null, 1, 'state', [], {}, [message]]) assert.equal(isToPanel(odd), false);
  });

  it('lets every request through, and none with a part missing or odd', () => {
    const requests: readonly PanelRequest[] = [
      { kind: 'ready' },
      { kind: 'draft', field: 'a', text: '' },
      { kind: 'undraft', field: 'a' },
      { kind: 'input', name: 'nodeCpu', text: '8' },
      { kind: 'keepInputs' },
      { kind: 'forgetInputs' },
      { kind: 'scope', value: 'file' },
      { kind: 'open', workload: 'a', open: true },
      { kind: 'rows', count: 40 },
      { kind: 'copy' },
      { kind: 'apply', version: 3 },
      { kind: 'reset' },
      { kind: 'keep' },
      { kind: 'pin', pinned: true },
      { kind: 'reveal', version: 3, spans: [{ start: 0, end: 4 }] },
    ];
    for (const request of requests) {
      const message = { protocol: protocolVersion, id: 1, request };
      assert.equal(isToHost(message), true, request.kind);
      for (const key of Object.keys(request)) {
        const broken = { ...message, request: { ...request, [key]: undefined } };
        assert.equal(isToHost(broken), false, `${request.kind} without ${key}`);
      }
      assert.equal(isToHost({ ...message, id: -1 }), false);
    }
    assert.equal(
      isToHost({ protocol: protocolVersion, id: 1, request: { kind: 'input', name: '__proto__', text: '' } }),
      false,
    );
    assert.equal(
      isToHost({
        protocol: protocolVersion,
        id: 1,
        request: { kind: 'reveal', version: 1, spans: [{ start: -1, end: 0 }] },
      }),
      false,
    );
  });
});
