/** A message that no consumer could do. Aira's messages are their body alone: they carry no attributes. */
export interface DeadLetter {
  readonly messageId: string;
  /** Names this receive of it, for `remove`. */
  readonly receipt: string;
  readonly body: string;
  /** When it was sent to its queue the first time, in epoch milliseconds. A redrive counts as a new sending. */
  readonly sentAtMs: number;
  readonly receiveCount: number;
}

/** The dead letters of one queue, and the way back. */
export interface DeadLetterQueue {
  /** Up to ten, none only when there are none to be had; hidden from everybody else for so long, 0 for not at all. */
  receive(hiddenSeconds: number): Promise<readonly DeadLetter[]>;
  /** Sends it to its queue. Resolves when that is durable. */
  sendBack(letter: DeadLetter): Promise<void>;
  /** Takes them out of the dead letters. Rejects if one stayed. */
  remove(letters: readonly DeadLetter[]): Promise<void>;
}
