/** `node dist/scripts/bench/images/main.js NAME…`: makes images of the benchmarks and prints where they are. */
import { images, layoutOf } from './images.js';

for (const name of process.argv.slice(2)) {
  const image = images.find((one) => one.name === name);
  if (image === undefined) throw new Error(`no image ${name}: there are ${images.map((one) => one.name).join(', ')}`);
  process.stdout.write(`${await layoutOf(image)}\n`);
}
