import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Migration } from '../../database/migration-files';

/**
 * Code of a function in `lib/functions`: one file with everything it needs but the AWS SDK of its runtime, as `npm run build` bundled it.
 *
 * @param name folder of the function; its `handler.ts` exports `handler`
 * @throws if the function was not bundled
 */
export function functionCode(name: string): lambda.Code {
  return lambda.Code.fromAsset(functionFolder(name));
}

/** Folder beside a function's code that holds the application's migrations, as `carriedMigrations` of the functions finds it. */
const APPLICATION = 'application';

/**
 * Code of a function that runs migrations, and what it is told about those of the application that travel with it.
 *
 * @param name folder of the function
 * @param migrations the application's own, none where it has none
 * @throws if the function was not bundled
 */
export function codeWithMigrations(
  name: string,
  migrations: readonly Migration[],
): { readonly code: lambda.Code; readonly environment: Record<string, string> } {
  if (migrations.length === 0) {
    return { code: functionCode(name), environment: {} };
  }
  const folder = functionFolder(name);
  const tryBundle = (output: string) => {
    cpSync(folder, output, { recursive: true });
    mkdirSync(join(output, APPLICATION));
    for (const migration of migrations) {
      writeFileSync(join(output, APPLICATION, `${migration.name}.sql`), migration.sql);
    }
    return true;
  };
  // Two folders become one here, without a container: the image is never asked for
  const bundling = { image: DockerImage.fromRegistry('none'), local: { tryBundle } };
  return {
    code: lambda.Code.fromAsset(folder, { bundling, assetHashType: AssetHashType.OUTPUT }),
    environment: { APPLICATION_MIGRATIONS: APPLICATION },
  };
}

/**
 * Folder of a function as it was bundled, with whatever travels beside its handler.
 *
 * @throws if the function was not bundled
 */
export function functionFolder(name: string): string {
  // From the sources, as tests run, and from their compiled form
  const places = [
    join(__dirname, '..', '..', '..', 'dist', 'functions'),
    join(__dirname, '..', '..', '..', 'functions'),
  ];
  const folder = places.map((place) => join(place, name)).find((place) => existsSync(place));
  if (folder === undefined) {
    throw new Error(`function '${name}' is not bundled: run npm run build`);
  }
  return folder;
}
