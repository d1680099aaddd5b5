import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultSettings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';

const service = createService();

/** The sources of each finding of one rule. */
function sourcesOf(rule: string, path: string, text: string): readonly (readonly string[])[] {
  const { findings, crashes } = drive(
    service.analyse({ path, languageId: '', text }, { ...defaultSettings, profile: 'strict' }, noSurroundings, [rule]),
  );
  if (crashes[0]) throw crashes[0].error;
  return findings.map(({ sources }) => sources);
}

const pod = (context: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: web:1.4\n${context}`;

describe('a finding names those peers that report it too', () => {
  it('one limit of three', () => {
    const text = 'services:\n  web:\n    image: web:1.4\n    mem_limit: 1g\n    pids_limit: 50\n';
    assert.deepEqual(sourcesOf('compose/limits-missing', 'compose.yaml', text), [['kics cpus_not_limited']]);
  });

  it('one namespace of six', () => {
    const text = 'services:\n  web:\n    image: web:1.4\n    ipc: host\n';
    assert.deepEqual(sourcesOf('compose/host-namespace', 'compose.yaml', text), [['kics shared_host_ipc_namespace']]);
  });

  it('of capabilities, those whom the dropped ones do not satisfy', () => {
    const id = 'kubernetes/capabilities-not-dropped';
    const context = (drop: string) => `      securityContext:\n        capabilities:\n          drop: [${drop}]\n`;
    const [raw = []] = sourcesOf(id, 'pod.yaml', pod(context('NET_RAW')));
    assert.ok(raw.includes('kubesec CapDropAll'));
    assert.ok(!raw.includes('kics net_raw_capabilities_not_being_dropped'));
    const [other = []] = sourcesOf(id, 'pod.yaml', pod(context('CHOWN')));
    assert.ok(other.includes('kics net_raw_capabilities_not_being_dropped'));
    assert.ok(!other.includes('kics no_drop_capabilities_for_containers'));
    const [none = []] = sourcesOf(id, 'pod.yaml', pod(''));
    assert.ok(none.includes('kics no_drop_capabilities_for_containers'));
    assert.ok(!none.includes('kube-linter drop-net-raw-capability'));
  });
});
