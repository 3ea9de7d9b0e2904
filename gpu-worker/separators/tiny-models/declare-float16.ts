/** Element types of onnx.proto3. */
const FLOAT = 1;
export const FLOAT16 = 10;

/**
 * Turns float32 graph inputs and outputs of a serialised ONNX model into float16 ones. A ValueInfoProto begins with its name (field 1)
 * and its type (field 2), whose tensor type (field 1) begins with the element type (field 1).
 * Thrown `RangeError` where a name is not declared that way.
 */
export function declareFloat16(model: Uint8Array, names: readonly string[]): Uint8Array {
  const bytes = Buffer.from(model);
  for (const name of names) {
    const label = Buffer.concat([Buffer.from([0x0a, name.length]), Buffer.from(name), Buffer.from([0x12])]);
    let at = bytes.indexOf(label);
    while (at >= 0 && !isFloatTensor(bytes, at + label.length)) at = bytes.indexOf(label, at + 1);
    if (at < 0) throw new RangeError(`the model declares no float32 "${name}"`);
    bytes[at + label.length + 4] = FLOAT16;
  }
  return bytes;
}

/** Length of the type, then field 1 and its length, then field 1 and the element type; all shorter than 128 bytes. */
function isFloatTensor(bytes: Buffer, at: number): boolean {
  return bytes[at + 1] === 0x0a && bytes[at + 3] === 0x08 && bytes[at + 4] === FLOAT;
}
