import type { PreparedChart, RenderChartOptions } from '../chart/index.js';
import type { SeverityLevel } from '../model/index.js';
import type { ChartAccess } from '../repository/index.js';

export type { ChartAccess };

/** The chart options of the command line, as `chart/` takes them, without what comes from the outside world. */
export type ChartInputs = Omit<RenderChartOptions, 'now' | 'random' | 'trace' | 'limits'>;

/** Where images come from and which of their platforms are wanted. */
export interface ImageInputs {
  readonly platforms: readonly string[] | 'all';
  readonly stores: readonly string[];
  readonly plainHttp: readonly string[];
  readonly registryConfig: string | null;
  readonly ca: string | null;
  readonly allowBadDigest: boolean;
  readonly timeoutMs: number;
}

/** Where parsed templates are kept from one run to the next. */
export interface TemplateKeeper {
  readonly lend: (prepared: PreparedChart) => void;
  readonly keep: (prepared: PreparedChart) => void;
}

/** What a dig is to do: the meaning of the command line, not its spelling. */
export interface DigOptions {
  readonly chart: ChartInputs;
  /** Where a chart that is no path is fetched from, and what it is held to. */
  readonly access: ChartAccess;
  readonly templates?: TemplateKeeper;
  readonly images: ImageInputs;
  readonly offline: boolean;
  /** The advisory database; a path where none is yet is fine. */
  readonly database: string;
  /** The store, or null to keep nothing. */
  readonly store: string | null;
  /** How many layers are read at once. */
  readonly jobs: number;
  /** Whether every file stands in the document. */
  readonly files: boolean;
  /** With it, a finding whose severity nobody states is not assessed. */
  readonly failOn: SeverityLevel | null;
  /** Tells builds of the program apart: what one of them keeps of a whole image another does not read. */
  readonly build: string;
  readonly tool: { readonly name: string; readonly version: string };
}
