import { annotation } from './annotation.js';
import { argument } from './argument.js';
import { companion } from './companion.js';
import { config } from './config.js';
import { customResource } from './custom-resource.js';
import { documented } from './documented.js';
import { environment } from './environment.js';
import type { Finder } from './finder.js';
import { operatorDefault } from './operator-default.js';
import { workload } from './workload.js';

/** The ways in which images hide, the surest first. A new one is one file and one line here. */
export const finders: readonly Finder[] = [
  workload,
  argument,
  environment,
  documented,
  customResource,
  config,
  annotation,
  operatorDefault,
  companion,
];
