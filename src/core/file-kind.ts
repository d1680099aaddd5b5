/** What a file is to Plimsoll. `yaml` is YAML that none of the others claims: it is left alone. */
export type FileKind = 'dockerfile' | 'compose' | 'kubernetes' | 'settings' | 'yaml' | 'none';
