/**
 * Charts from where users have them: HTTP repositories, OCI registries, URLs. A reference and Helm's options go in, the
 * chart comes out, held to every digest and signature that was stated for it. See README.md.
 *
 * What is exported here is light; what fetches is loaded when something is fetched.
 */
export { type ChartAccess, describeReference } from './access.js';
export { cacheBytes, openCache } from './cache.js';
export { helmPlaces, readRepositories } from './helm-config.js';
export { type ChartPlace, type LoadedChart, loadWantedChart } from './load.js';
export { type ChartReference, hasScheme, parseChartReference } from './reference.js';
