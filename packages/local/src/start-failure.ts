/** Why the local runtime cannot start, as a sentence for whoever typed the command. */
export class StartFailure extends Error {
  override readonly name = "StartFailure";
}
