import type { Located, Span } from '../text/span.ts';
import type { YamlDocument, YamlMapping, YamlPair, YamlPath } from '../yaml/node.ts';

export interface ComposeFile {
  readonly document: YamlDocument;
  readonly root: YamlMapping;
  readonly services: readonly ComposeService[];
  /** An override file (`compose.override.yaml`) or one that is included: nothing in it is missing. */
  readonly partial: boolean;
  /** The override file beside it, which Compose reads over it. */
  readonly overlay: ComposeFile | undefined;
}

export interface ComposeService {
  readonly file: ComposeFile;
  readonly name: Located<string>;
  readonly path: YamlPath;
  readonly node: YamlMapping;
  /** Missing keys may come from elsewhere: `extends`, the override file, a template. */
  readonly partial: boolean;
  readonly image: Located<string> | undefined;
  readonly ports: readonly ComposePort[];
  readonly resources: ComposeResources;
}

/** One entry of `ports`, short or long; parts that hold `${…}` are undefined. */
export interface ComposePort {
  readonly span: Span;
  readonly path: YamlPath;
  readonly form: 'short' | 'long';
  /** Short form: the scalar's text without quotes; `quoted` tells whether it has them. */
  readonly text: string;
  readonly quoted: boolean;
  /** Some part holds `${…}`, which may stand for more than its place: `${WEB:-127.0.0.1:80}:80`. */
  readonly interpolated: boolean;
  readonly hostAddress: Located<string> | undefined;
  readonly published: Located<string> | undefined;
  readonly target: Located<string> | undefined;
  readonly protocol: string;
}

/** Resource fields as written, wherever they are: `cpus`, `mem_limit`, … and `deploy.resources`. */
export interface ComposeResources {
  readonly cpus: Located<string> | undefined;
  readonly memoryLimit: Located<string> | undefined;
  readonly memoryReservation: Located<string> | undefined;
  readonly memorySwap: Located<string> | undefined;
  readonly pidsLimit: Located<string> | undefined;
  readonly deployLimits: {
    readonly cpus?: Located<string>;
    readonly memory?: Located<string>;
    readonly pids?: Located<string>;
  };
  readonly deployReservations: {
    readonly cpus?: Located<string>;
    readonly memory?: Located<string>;
  };
  readonly replicas: Located<string> | undefined;
  /** The pair of `deploy.resources`, where there is one. */
  readonly deployPair: YamlPair | undefined;
}
