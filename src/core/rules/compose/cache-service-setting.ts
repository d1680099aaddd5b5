import { cacheService } from '../../caches/in-compose.ts';
import { defineRule } from '../../engine/rule.ts';
import { editsOf } from '../parts/caches/compose-edits.ts';
import { settingFindings, settingMessages, settingTitles, settingWhy } from '../parts/caches/settings.ts';

const compose = (port: string) => `services:
  cache:
    image: memcached:1.6
    command: ["memcached", "-U", "${port}"]
`;

export default defineRule('compose-service', {
  meta: {
    id: 'compose/cache-service-setting',
    rows: ['R113', 'R118'],
    summary: 'Settings of a cache server should have today’s names, and memcached should not answer UDP.',
    why: settingWhy,
    severity: 'information',
    topic: 'configuration',
    messages: settingMessages,
    titles: settingTitles,
    fix: 'sometimes',
    examples: [{ file: 'compose.yaml', bad: compose('11211'), good: compose('0') }],
    options: {},
    sources: [],
  },
  *check(service) {
    const server = cacheService(service);
    if (server !== undefined) yield* settingFindings(server, editsOf<keyof typeof settingTitles>(service, server));
  },
});
