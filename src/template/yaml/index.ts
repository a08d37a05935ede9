/** YAML and JSON as Helm reads and writes them: sigs.k8s.io/yaml over go-yaml v2, and Go's encoding/json. */

export { areAlike } from './alike.js';
export { type KnownDocument, nothingKnown } from './common-style.js';
export { type JsonOptions, jsonNumber, jsonString, writeJson } from './json.js';
export { readJson, readJsonOrPart } from './json-read.js';
export { mismatch, readYaml, readYamlDocument, skimYamlDocument } from './read.js';
export { fromJsonValue, toJsonValue } from './values.js';
export { writeYaml } from './write.js';
export { writeYamlPretty } from './write-pretty.js';
