/** Letters that take two columns: East Asian scripts and full-width forms. A surrogate pair is two already. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** Columns that a text takes, at most. */
export function columnsOf(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0);
}

/** How much of a word too long for a line stays on it: up to a slash, so that a file keeps its line number, or another joint. */
function breakAt(word: string, room: number): number {
  let end = Math.min(word.length, room);
  while (columnsOf(word.slice(0, end)) > room) {
    end -= 1;
  }
  const start = word.slice(0, end);
  const joints = [start.lastIndexOf('/'), start.search(/[.:_-][^.:_-]*$/)].map((position) => position + 1);
  const joint = joints.find((length) => length > room / 2) ?? end;
  // never between the halves of one character
  return /[\ud800-\udbff]$/.test(word.slice(0, joint)) ? joint - 1 : joint;
}

/** Lines of at most `room` columns, broken at blanks and, where a word is longer than a line, within it. */
export function wrapLines(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
    while (columnsOf(line) > room) {
      const end = breakAt(line, room);
      lines.push(line.slice(0, end));
      line = line.slice(end);
    }
  }
  return [...lines, line];
}
