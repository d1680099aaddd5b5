import { defineRule } from '../../engine/rule.ts';
import { knownItems, scalarText } from '../../yaml/field.ts';

/** Devices through which all memory, or whole disks, can be read past every permission. */
const raw =
  /^\/dev\/(?:mem|kmem|port|sd[a-z]+\d*|hd[a-z]+\d*|vd[a-z]+\d*|xvd[a-z]+\d*|nvme\d+(?:n\d+(?:p\d+)?)?|dm-\d+)$/;
/** `c 189:* rmw`: all devices of a driver, `b 8:* r`: all disks of one kind. */
const wide = /^([abc])(?:\s+(?:\*|\d+):(\*|\d+))?/;

export default defineRule('compose-service', {
  meta: {
    id: 'compose/device-access',
    rows: ['C313'],
    summary: 'A service should get the one device that it needs.',
    why: 'With all of `/dev`, with a whole disk or with the memory of the machine a service reads and writes past every permission of files. `device_cgroup_rules` with a `*` allow devices that nobody has plugged in yet, for all containers’ lifetime. Name the device, and what may be done with it: `/dev/ttyUSB0:/dev/ttyUSB0:rw`.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      all: 'This service gets every device of the machine',
      raw: '`{device}` lets this service read and write past the permissions of files',
      every: 'This rule lets the service use every device of the machine',
      many: 'This rule lets the service use every {kind} device of its number, those to come too',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  meter:\n    image: meter:1.4\n    devices:\n      - /dev:/dev\n',
        good: 'services:\n  meter:\n    image: meter:1.4\n    devices:\n      - /dev/ttyUSB0:/dev/ttyUSB0:rw\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ node }) {
    for (const { node: item } of knownItems(node, 'devices')) {
      const text = scalarText(item);
      const device = text?.value.split(':')[0]?.replace(/(?<=.)\/+$/, '') ?? '';
      if (text === undefined) continue;
      if (device === '/dev') yield { message: 'all', span: text.span };
      else if (raw.test(device)) yield { message: 'raw', data: { device }, span: text.span };
    }
    for (const { node: item } of knownItems(node, 'device_cgroup_rules')) {
      const text = scalarText(item);
      const [, kind, minor] = wide.exec(text?.value ?? '') ?? [];
      if (text === undefined || text.value.includes('$')) continue;
      if (kind === 'a') yield { message: 'every', span: text.span };
      else if (minor === '*')
        yield { message: 'many', data: { kind: kind === 'b' ? 'block' : 'character' }, span: text.span };
    }
  },
});
