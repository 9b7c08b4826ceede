// A list of checks that go on after one has failed, and the patience that they share.

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `probe` gives what pleases `reached`; gives the last that it gave. */
export async function until(probe, reached, within = 10_000) {
  const end = Date.now() + within;
  for (;;) {
    const found = await probe();
    if (reached(found) || Date.now() > end) return found;
    await sleep(20);
  }
}

export class Checks {
  passed = 0;
  failed = 0;

  /** Runs one check; `body` throws if it fails, and may give a figure to print. */
  async check(name, body) {
    try {
      const figure = await body();
      this.passed += 1;
      console.log(`ok      ${name}${figure ? `: ${figure}` : ""}`);
    } catch (error) {
      this.failed += 1;
      console.log(`FAILED  ${name}\n        ${String(error.message ?? error).replaceAll("\n", "\n        ")}`);
    }
  }
}

export function equal(found, expected, what = "") {
  if (found !== expected) throw new Error(`${what} expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}

export function holds(condition, what) {
  if (!condition) throw new Error(what);
}
