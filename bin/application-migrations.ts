import { InputError } from '../lib/control/input-error';
import { readApplicationMigrations } from '../lib/database/application-migrations';
import type { EnvironmentSettings } from '../lib/settings/environment';

/**
 * Looks at the application's own migrations before anything is synthesized, in the folder that the settings name.
 *
 * @throws InputError if the folder is missing or empty, or a file is misnamed, has the number of another or leaves one out
 */
export function checkMigrations({ name, application: { migrations } }: EnvironmentSettings): void {
  if (migrations === undefined) {
    return;
  }
  try {
    readApplicationMigrations(migrations);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' || code === 'ENOTDIR' ? `there is no folder '${migrations}'` : message;
    throw new InputError(
      `environment '${name}': application.migrations is '${migrations}': ${reason}: change the folder, or application.migrations in lib/settings/environments.ts`,
    );
  }
}
