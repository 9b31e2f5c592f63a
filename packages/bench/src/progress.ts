/** One line on standard error that the next one overwrites; on something that is not a terminal, a line each. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): { say: (line: string) => void; clear: () => void } {
  let last = "";
  return {
    say(line) {
      if (line === last) return;
      if (stream.isTTY) stream.write(`\r\u001b[2K  ${line} ...`);
      // Without a terminal, a line for each count of a loop would drown everything else.
      else if (line.replace(/\d/g, "") !== last.replace(/\d/g, "")) stream.write(`  ${line} ...\n`);
      last = line;
    },
    clear() {
      if (stream.isTTY) stream.write("\r\u001b[2K");
      last = "";
    },
  };
}
