import type { Cataloguer } from '../../model/index.js';
import { apkArchive } from './apk.js';
import { debArchive } from './deb.js';
import { gemArchive } from './gem.js';
import { npmArchive } from './npm.js';
import { rpmArchive } from './rpm.js';

/**
 * Cataloguers of package archives, as `layer/archive` tells their content. They are not asked of an image: there a file
 * `DEBIAN/control` is a package that somebody unpacked, and none that is installed.
 */
export const archiveCataloguers: readonly Cataloguer[] = [debArchive, apkArchive, rpmArchive, gemArchive, npmArchive];
