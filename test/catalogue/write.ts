// Writes the generated parts of docs/cataloguers.md anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { pagePath, withParts } from './page.js';

writeFileSync(pagePath, withParts(readFileSync(pagePath, 'utf8')));
