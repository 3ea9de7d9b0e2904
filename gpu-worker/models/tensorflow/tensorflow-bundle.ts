/**
 * Reads TensorFlow checkpoints, format V2 ("tensor bundle": tensorflow/core/protobuf/tensor_bundle.proto): `<prefix>.index`, a
 * LevelDB table from variable names to entries, and the data shards the entries point into.
 */
import { open, readFile, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { PbfReader } from 'pbf';
import { readAvailable } from '../../engine/read-fully.ts';
import { rejectModelFile } from '../model-file-error.ts';
import { maskedCrc32c } from './crc32c.ts';
import { readLevelDbTable } from './leveldb-table.ts';

const MAXIMUM_INDEX_BYTES = 16 * 1024 * 1024;
const MAXIMUM_SHARDS = 16;
const MAXIMUM_RANK = 8;
const DT_FLOAT = 1;

export interface TensorflowVariable {
  readonly name: string;
  /** Sizes, outermost first; empty for a scalar. */
  readonly shape: readonly number[];
  /** As in TensorFlow's `DataType`; 1 is float32. */
  readonly dataType: number;
}

/** Holds the data shards open until {@link TensorflowBundle.close}. */
export interface TensorflowBundle {
  readonly variables: ReadonlyMap<string, TensorflowVariable>;
  /**
   * The values of a float32 variable, row-major, its checksum checked. The caller owns the array.
   * @throws ModelFileError when there is no such variable, it is not float32, or its bytes are damaged.
   */
  readFloat32(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

interface Entry extends TensorflowVariable {
  readonly shard: number;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly maskedCrc: number;
  readonly sliced: boolean;
}

/**
 * @param prefix the path without `.index`.
 * @throws ModelFileError when the index is damaged or points outside its shards. No allocation is larger than the files are.
 */
export async function openTensorflowBundle(prefix: string): Promise<TensorflowBundle> {
  const indexPath = `${prefix}.index`;
  const { size } = await stat(indexPath);
  if (size > MAXIMUM_INDEX_BYTES)
    rejectModelFile(`the checkpoint's index has ${size} bytes; ${MAXIMUM_INDEX_BYTES} are allowed`);
  const table = readLevelDbTable(await readFile(indexPath));
  const header = table.get('') ?? rejectModelFile("the checkpoint's index has no header");
  const shardCount = readHeader(header);
  table.delete('');
  const entries = new Map([...table].map(([name, value]) => [name, readEntry(name, value)]));

  const shards: FileHandle[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(shards.map(async (shard) => await shard.close()));
  };
  try {
    const sizes: number[] = [];
    for (let shard = 0; shard < shardCount; shard += 1) {
      const handle = await open(`${prefix}.data-${fiveDigits(shard)}-of-${fiveDigits(shardCount)}`);
      shards.push(handle);
      sizes.push((await handle.stat()).size);
    }
    for (const entry of entries.values()) {
      const shardBytes =
        sizes[entry.shard] ?? rejectModelFile(`"${entry.name}" lies in shard ${entry.shard} of ${shardCount}`);
      if (entry.offsetBytes + entry.sizeBytes > shardBytes) {
        rejectModelFile(
          `"${entry.name}" ends at byte ${entry.offsetBytes + entry.sizeBytes} of a shard of ${shardBytes}`,
        );
      }
    }
  } catch (error) {
    await close();
    throw error;
  }

  return {
    variables: entries,
    close,
    async readFloat32(name) {
      const entry = entries.get(name) ?? rejectModelFile(`the checkpoint has no variable "${name}"`);
      const wanted = entry.shape.reduce((product, dim) => product * dim, 4);
      if (entry.dataType !== DT_FLOAT || entry.sliced || entry.sizeBytes !== wanted) {
        rejectModelFile(
          `"${name}" is no whole float32 variable of shape [${entry.shape.join()}]: ${entry.sizeBytes} bytes`,
        );
      }
      const bytes = Buffer.alloc(entry.sizeBytes);
      const bytesRead = await readAvailable(shards[entry.shard]!, bytes, entry.offsetBytes);
      if (bytesRead < bytes.length)
        rejectModelFile(`only ${bytesRead} of ${bytes.length} bytes of "${name}" could be read`);
      if (maskedCrc32c(bytes) !== entry.maskedCrc) rejectModelFile(`"${name}" fails its checksum`);
      if (endianness() === 'BE') bytes.swap32();
      return new Float32Array(bytes.buffer, bytes.byteOffset, entry.sizeBytes / 4);
    },
  };
}

function fiveDigits(shard: number): string {
  return String(shard).padStart(5, '0');
}

/** BundleHeaderProto: the number of shards, once byte order and version are known to be ours. */
function readHeader(bytes: Uint8Array): number {
  let shards = 0;
  let bigEndian = false;
  decode(bytes, 'the header', (field, pbf) => {
    if (field === 1) shards = pbf.readVarint();
    else if (field === 2) bigEndian = pbf.readVarint() !== 0;
  });
  if (bigEndian) rejectModelFile('the checkpoint was written big-endian');
  if (shards < 1 || shards > MAXIMUM_SHARDS) rejectModelFile(`the checkpoint claims ${shards} shards`);
  return shards;
}

/** BundleEntryProto. */
function readEntry(name: string, bytes: Uint8Array): Entry {
  let dataType = 0;
  let shard = 0;
  let offsetBytes = 0;
  let sizeBytes = 0;
  let maskedCrc = 0;
  let sliced = false;
  const shape: number[] = [];
  decode(bytes, `the entry of "${name}"`, (field, pbf) => {
    if (field === 1) dataType = pbf.readVarint();
    else if (field === 2)
      decode(pbf.readBytes(), `the shape of "${name}"`, (shapeField, message) =>
        readDimension(shapeField, message, shape),
      );
    else if (field === 3) shard = pbf.readVarint();
    else if (field === 4) offsetBytes = pbf.readVarint(true);
    else if (field === 5) sizeBytes = pbf.readVarint(true);
    else if (field === 6) maskedCrc = pbf.readFixed32();
    else if (field === 7) sliced = true;
  });
  const whole = [shard, offsetBytes, sizeBytes, ...shape].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!whole || shape.length > MAXIMUM_RANK) rejectModelFile(`the entry of "${name}" has impossible sizes`);
  return { name, dataType, shape, shard, offsetBytes, sizeBytes, maskedCrc, sliced };
}

/** TensorShapeProto: field 2 are the dimensions, whose field 1 is the size. */
function readDimension(field: number, pbf: PbfReader, shape: number[]): void {
  if (field !== 2) return;
  let size = 0;
  decode(pbf.readBytes(), 'a dimension', (dimensionField, dimension) => {
    if (dimensionField === 1) size = dimension.readVarint(true);
  });
  shape.push(size);
}

/** pbf throws plain errors, or reads past the end in silence; both become a {@link ModelFileError}. */
function decode(bytes: Uint8Array, what: string, field: (tag: number, pbf: PbfReader) => void): void {
  const pbf = new PbfReader(bytes);
  try {
    pbf.readFields((tag) => field(tag, pbf), null);
  } catch (error) {
    rejectModelFile(`${what} cannot be decoded: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (pbf.pos !== bytes.length) rejectModelFile(`${what} is cut off`);
}
