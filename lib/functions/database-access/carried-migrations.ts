import { join } from 'node:path';
import { readApplicationMigrations } from '../../database/application-migrations';
import type { Migration } from '../../database/migration-files';

/**
 * The application's own migrations, which a deployment puts beside the code of a function in the folder that `APPLICATION_MIGRATIONS` names.
 *
 * @returns none where the variable is not set
 * @throws Error if it is set and the folder did not come along: what a deployment was told to apply is not left out in silence
 */
export function carriedMigrations(environment: NodeJS.ProcessEnv, folder: string): readonly Migration[] {
  const name = environment.APPLICATION_MIGRATIONS;
  return name ? readApplicationMigrations(join(folder, name)) : [];
}
