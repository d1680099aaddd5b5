import type { Rule } from '../../engine/rule.ts';
import dockerfileSyntax from './dockerfile-syntax.ts';
import settings from './settings.ts';
import unusedSuppression from './unused-suppression.ts';
import yamlSyntax from './yaml-syntax.ts';

/** Rules about a file as such, whatever it describes. */
export const fileRules: readonly Rule[] = [dockerfileSyntax, settings, unusedSuppression, yamlSyntax];
