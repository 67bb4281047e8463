import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * Code of a function in `lib/functions`: one file with everything it needs but the AWS SDK of its runtime, as `npm run build` bundled it.
 *
 * @param name folder of the function; its `handler.ts` exports `handler`
 * @throws if the function was not bundled
 */
export function functionCode(name: string): lambda.Code {
  return lambda.Code.fromAsset(functionFolder(name));
}

/**
 * Folder of a function as it was bundled, with whatever travels beside its handler.
 *
 * @throws if the function was not bundled
 */
export function functionFolder(name: string): string {
  // From the sources, as tests run, and from their compiled form
  const places = [join(__dirname, '..', '..', 'dist', 'functions'), join(__dirname, '..', '..', 'functions')];
  const folder = places.map((place) => join(place, name)).find((place) => existsSync(place));
  if (folder === undefined) {
    throw new Error(`function '${name}' is not bundled: run npm run build`);
  }
  return folder;
}
