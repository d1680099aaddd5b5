import * as vscode from 'vscode';
import type { Parsed } from '../core/parsed.ts';
import type { Service, Surroundings } from '../core/service.ts';
import { readText } from './file-reader.ts';
import type { Log } from './log.ts';

/** What is known of official images: read from the extension's own files when a document first names an image. */
export interface ImageFacts {
  /** With today's day; undefined until it is loaded. */
  known(): Surroundings['images'];
  /** Loads it where a document needs it; whether there is more to say than before. */
  ask(parsed: Parsed): Promise<boolean>;
}

export function createImageFacts(service: Service, extension: vscode.Uri, log: Log): ImageFacts {
  let loaded: ReturnType<Service['readCatalogue']> | undefined;
  let loading: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    const folder = vscode.Uri.joinPath(extension, 'dist', 'data');
    const texts = await Promise.all(service.catalogueFiles.map((name) => readText(vscode.Uri.joinPath(folder, name))));
    const present = texts.flatMap((text) => text ?? []);
    if (present.length < texts.length) log.warn('The data of images is not installed: nothing is said of their age.');
    else loaded = service.readCatalogue(present);
  };

  return {
    known: () => loaded && { catalogue: loaded, today: new Date().toISOString().slice(0, 10) },
    async ask(parsed) {
      if (loading !== undefined || !service.namesImage(parsed)) return false;
      loading = load();
      await loading;
      return loaded !== undefined;
    },
  };
}
