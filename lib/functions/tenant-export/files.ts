import type { ExportPlace, Written } from './export-place';
import { copyFile, type FileSource } from './file-copy';
import { inTurns } from './in-turns';

/** How far the files of an export have come, for whoever goes on. */
export interface FileProgress {
  /** Which page comes next, from 1 on. */
  readonly round: number;
  /** Name of the last file that is there, as its bucket has it. */
  readonly after?: string;
}

/** One page of files, as it stands in the index. */
export interface FileIndex {
  readonly files: readonly CopiedFile[];
  /** How many were deleted between the list and the copy. */
  readonly vanished: number;
}

export interface CopiedFile extends Written {
  /** Where a file is copied in parts: bytes of each; the SHA-256 is that of the SHA-256 of all parts, one after the other. */
  readonly partBytes?: number;
}

export interface FileExport {
  readonly source: FileSource;
  readonly place: Pick<ExportPlace, 'keyOf' | 'writeJson'>;
  /**
   * Files that are copied at once.
   *
   * @default 8
   */
  readonly atOnce?: number;
  /** Whether there is time for another page. */
  hasTime(): boolean;
}

/**
 * Copies the files of a tenant as they are now, page by page; S3 moves them, and nothing of them passes through here.
 *
 * @returns how far it came, where there was no time for all
 */
export async function exportFiles(from: FileProgress | undefined, work: FileExport): Promise<FileProgress | undefined> {
  let { after, round } = from ?? { round: 1 };
  for (;;) {
    const page = await work.source.list(after);
    const copied = await inTurns(page.files, work.atOnce ?? 8, (file) => copyFile(work, file));
    const files = copied.filter((file) => file !== undefined);
    const index: FileIndex = { files, vanished: copied.length - files.length };
    await work.place.writeJson(`index/files-${String(round).padStart(6, '0')}.json`, index);
    after = page.files.at(-1)?.key ?? after;
    round += 1;
    if (page.isLast) {
      return undefined;
    }
    if (!work.hasTime()) {
      return { after, round };
    }
  }
}
