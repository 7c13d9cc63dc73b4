/**
 * A call, or what it says, is not of a shape that this provider has: the row is kept as unreadable, and can be read again
 * later. Beside ZodError it is all that `split` and `parse` throw; anything else thrown there is a bug of ours. Errors are
 * logged, so its words hold nothing of the call.
 */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
