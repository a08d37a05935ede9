/**
 * How much text of paths and relations may still be made out of one database: a few bytes there can name a long folder for each of
 * many files. The largest real ones have a tenth of it.
 */
export class PathBudget {
  #left = 128 * 1024 ** 2;

  /** False once there is no more. */
  spend(length: number): boolean {
    this.#left -= length;
    return this.#left >= 0;
  }
}
