import { TestRunner } from 'vitest';

/** After the first failure not one more file is loaded: a mutant is noticed once. */
export default class UntilNoticed extends TestRunner {
  #isNoticed = false;

  override cancel(reason: Parameters<TestRunner['cancel']>[0]): void {
    this.#isNoticed = true;
    super.cancel(reason);
  }

  override importFile(...file: Parameters<TestRunner['importFile']>): unknown {
    return this.#isNoticed ? undefined : super.importFile(...file);
  }
}
