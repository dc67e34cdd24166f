/** A container that cannot run; the message is the task's stoppedReason. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}
