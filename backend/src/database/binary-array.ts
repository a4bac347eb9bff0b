/** The object id in pg_type. */
const BYTEA = 17;

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/**
 * A parameter for `$n::bytea[]`; of a string each character is a byte. It is a one-dimensional array in PostgreSQL's
 * binary format (array_send in its source): dimensions, whether there are nulls, the element's type, length and lower
 * bound, then each element behind its length. node-postgres hands a Buffer on as a binary parameter, so that neither side
 * turns the bytes into hexadecimal text and back.
 */
export function byteaArray(elements: readonly (Uint8Array | string)[]): Buffer {
  const bytes = elements.reduce((sum, element) => sum + LENGTH_BYTES + element.length, HEADER_BYTES);
  const array = Buffer.allocUnsafe(bytes);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(0, 4);
  array.writeInt32BE(BYTEA, 8);
  array.writeInt32BE(elements.length, 12);
  array.writeInt32BE(1, 16);
  let at = HEADER_BYTES;
  for (const element of elements) {
    array.writeInt32BE(element.length, at);
    if (typeof element === 'string') array.write(element, at + LENGTH_BYTES, 'binary');
    else array.set(element, at + LENGTH_BYTES);
    at += LENGTH_BYTES + element.length;
  }
  return array;
}
