import { createHash } from 'node:crypto';
import type { Exporting, TenantReach } from '../../lib/functions/tenant-export/export';

type Calls = TenantReach['s3'];

const named = (name: string) => Object.assign(new Error(name), { name });

/** What S3 holds in memory, with what a session of one tenant may do: the policy of its role, in words of this test. */
export class ExportBucket {
  readonly objects = new Map<string, Buffer>();
  /** Every object that was written, in order. */
  readonly puts: string[] = [];
  /** Largest body of a single write. */
  largest = 0;
  /** Called with each write: what it returns is what is stored. */
  store: (key: string, body: Buffer) => Buffer | undefined = (_key, body) => body;
  /** Called before each copy. */
  onCopy: (key: string) => void = () => undefined;
  private uploads = new Map<string, Buffer[]>();

  constructor(private readonly pageSize = 3) {}

  put(key: string, body: string | Buffer): void {
    this.objects.set(key, Buffer.from(body));
  }

  names(below: string): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(below)).sort();
  }

  json(key: string): Record<string, unknown> & { [name: string]: never } {
    return JSON.parse(this.objects.get(key)?.toString('utf8') ?? 'null');
  }

  /** The calls, in a session that is tagged with a tenant. */
  as(digits: string): Calls {
    const own = (bucket: string, key: string) => {
      const isOwn = bucket === `files-${digits}` || key.startsWith(`${digits}/`);
      if (!isOwn) {
        throw named('AccessDenied');
      }
      return `${bucket}|${key}`;
    };
    const get = (bucket: string, key: string) => {
      const found = this.objects.get(own(bucket, key));
      if (!found) {
        throw named('NoSuchKey');
      }
      return found;
    };
    const tagOf = (body: Buffer) => createHash('md5').update(body).digest('hex');
    const sourceOf = (source: string, tag: string) => {
      const [, bucket = '', key = ''] = /^([^/]+)\/(.*)$/.exec(source) ?? [];
      const name = decodeURIComponent(key);
      this.onCopy(name);
      const body = get(bucket, name);
      if (tagOf(body) !== tag) {
        throw named('PreconditionFailed');
      }
      return body;
    };
    const list: Calls['listObjectsV2'] = async (input: {
      Bucket: string;
      Prefix?: string;
      StartAfter?: string;
      ContinuationToken?: string;
    }) => {
      const { Bucket, Prefix = '', StartAfter, ContinuationToken } = input;
      own(Bucket, Prefix);
      const after = ContinuationToken ?? StartAfter ?? '';
      const all = [...this.objects]
        .map(([name, body]) => ({ name: name.slice(Bucket.length + 1), whose: name.split('|')[0], body }))
        .filter(({ name, whose }) => whose === Bucket && name.startsWith(Prefix) && name > after)
        .sort((one, other) => (one.name < other.name ? -1 : 1));
      const page = all.slice(0, this.pageSize);
      return {
        Contents: page.map(({ name, body }) => ({
          Key: name,
          Size: body.length,
          ETag: tagOf(body),
          LastModified: new Date(0),
        })),
        NextContinuationToken: all.length > page.length ? page.at(-1)?.name : undefined,
      };
    };
    const put = async (input: {
      Bucket: string;
      Key: string;
      Body: string | Uint8Array;
      ChecksumSHA256?: string;
      IfNoneMatch?: '*';
      IfMatch?: string;
    }) => {
      const { Bucket, Key, Body, ChecksumSHA256, IfMatch, IfNoneMatch } = input;
      const name = own(Bucket, Key);
      const present = this.objects.get(name);
      if ((IfNoneMatch && present) || (IfMatch !== undefined && (!present || tagOf(present) !== IfMatch))) {
        throw named('PreconditionFailed');
      }
      const body = Buffer.from(Body);
      if (createHash('sha256').update(body).digest('base64') !== ChecksumSHA256) {
        throw named('BadDigest');
      }
      this.largest = Math.max(this.largest, body.length);
      this.puts.push(Key);
      const kept = this.store(Key, body);
      if (kept) {
        this.objects.set(name, kept);
      }
      return {};
    };
    const calls = {
      listObjectsV2: list,
      putObject: put,
      getObject: async ({ Bucket, Key }: { Bucket: string; Key: string }) => {
        const body = get(Bucket, Key);
        return { Body: { transformToString: async () => body.toString('utf8') }, ETag: tagOf(body) };
      },
      deleteObject: async ({ Bucket, Key }: { Bucket: string; Key: string }) => {
        this.objects.delete(own(Bucket, Key));
      },
      copyObject: async (input: { Bucket: string; Key: string; CopySource: string; CopySourceIfMatch: string }) => {
        const body = sourceOf(input.CopySource, input.CopySourceIfMatch);
        const kept = this.store(input.Key, body);
        if (kept) {
          this.objects.set(own(input.Bucket, input.Key), kept);
        }
        return { CopyObjectResult: { ChecksumSHA256: createHash('sha256').update(body).digest('base64') } };
      },
      createMultipartUpload: async ({ Key }: { Key: string }) => {
        this.uploads.set(Key, []);
        return { UploadId: Key };
      },
      uploadPartCopy: async () => {
        throw named('NotImplemented');
      },
      completeMultipartUpload: async () => ({}),
      abortMultipartUpload: async ({ Key }: { Key: string }) => {
        this.uploads.delete(Key);
      },
    };
    return calls as unknown as Calls;
  }
}

/** Reads a file by RFC 4180, as somebody does who knows nothing of us: what is not in quotes and empty is NULL. */
export function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  while (field.lastIndex < text.length) {
    const [, quoted, bare, end] = field.exec(text) ?? [];
    row.push(quoted === undefined ? (bare === '' ? null : (bare ?? null)) : quoted.replaceAll('""', '"'));
    if (end !== ',') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

/** A directory with the people of each group, two on a page; a group that nobody is in is there all the same. */
export function directoryOf(groups: Readonly<Record<string, readonly string[]>>): Exporting['directory']['client'] {
  return {
    listUsersInGroup: async ({ GroupName, NextToken }: { GroupName: string; NextToken?: string }) => {
      const at = Number(NextToken ?? 0);
      const names = groups[GroupName] ?? [];
      return {
        Users: names.slice(at, at + 2).map((name) => ({
          Username: name,
          UserStatus: 'CONFIRMED',
          Enabled: true,
          UserCreateDate: new Date(0),
          Attributes: [{ Name: 'email', Value: `${name}@example.com` }],
        })),
        NextToken: at + 2 < names.length ? String(at + 2) : undefined,
      };
    },
  };
}

/** What an export works with, with the clock of a test. */
export function exporting(over: Partial<Exporting> & Pick<Exporting, 'as'>): Exporting {
  return {
    target: { bucket: 'exports', account: '111122223333' },
    directory: { userPool: 'pool', client: directoryOf({}) },
    formats: ['json', 'csv'],
    runHours: 24,
    source: (digits) => ({ bucket: 'files', prefix: `${digits}/` }),
    hasTime: () => true,
    patience: () => true,
    handOver: () => Promise.reject(new Error('nobody was to go on')),
    now: () => new Date('2026-11-29T10:00:00Z'),
    ...over,
  };
}
