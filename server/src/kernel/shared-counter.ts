/**
 * A number that every thread reads without asking and that only grows: whoever keeps a copy of something compares the
 * number it read the copy under. The writer increments after its change is visible.
 */
export class SharedCounter {
  /** Hand it to another thread and make a SharedCounter over it there. */
  readonly buffer: SharedArrayBuffer
  readonly #cells: Int32Array

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.buffer = buffer
    this.#cells = new Int32Array(buffer)
  }

  get value(): number {
    return Atomics.load(this.#cells, 0)
  }

  /** Wraps round after 2^32 changes. */
  increment(): void {
    Atomics.add(this.#cells, 0, 1)
  }
}
