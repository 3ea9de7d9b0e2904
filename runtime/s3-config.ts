import type { EnvironmentReader } from './environment.ts';

export interface S3Config {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Null where nothing of it is set; half of it is a problem. */
export function readS3(env: EnvironmentReader): S3Config | null {
  const names = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;
  const endpoint = env.url('S3_ENDPOINT', ['http:', 'https:']);
  const [, bucket, accessKeyId, secretAccessKey] = names.map((name) => env.text(name));
  const region = env.text('S3_REGION') ?? 'us-east-1';
  const present = names.filter((name) => env.text(name) !== null);
  if (present.length === 0) return null;
  for (const name of names.filter((candidate) => !present.includes(candidate))) {
    env.problem(`${name} is not set, and ${present[0] ?? 'S3'} is: an S3 store needs both`);
  }
  if (endpoint === null || bucket == null || accessKeyId == null || secretAccessKey == null) return null;
  return { endpoint, region, bucket, accessKeyId, secretAccessKey };
}
