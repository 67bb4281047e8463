/** Says on standard error what is going on; standard output holds findings alone. */
export function progress(sentence: string): void {
  process.stderr.write(`avouch: ${sentence}\n`);
}
