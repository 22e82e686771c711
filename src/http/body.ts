import { type Deadline, ignore } from "./deadline.js";

/** An answer came, and nobody can use it. The message says why. */
export class Unusable extends Error {}

export type Bytes = Uint8Array<ArrayBuffer>;

export const NO_BYTES: Bytes = new Uint8Array();

/** Lets go of a body that nobody will read, be it a web stream or one of Node's. */
export function discard({ body }: Response): void {
  const cancel = async (stream = Object(body)) => stream.cancel?.() ?? stream.destroy?.();
  cancel().catch(ignore);
}

/** @throws Unusable where there are more than `maxBytes`, or no bytes at all */
export async function readBody(
  response: Response,
  maxBytes: number,
  deadline: Deadline,
): Promise<Bytes> {
  const { body } = response;
  if (response.bodyUsed || body?.locked) throw unreadable("was read before");
  if (typeof body?.getReader !== "function") {
    return join([await deadline.race(readWhole(response))], maxBytes);
  }
  const reader = body.getReader();
  try {
    const chunks: Bytes[] = [];
    for (let size = 0; size <= maxBytes;) {
      const { done, value } = await deadline.race(reader.read());
      if (done) break;
      const chunk = toBytes(value);
      chunks.push(chunk);
      size += chunk.length;
    }
    return join(chunks, maxBytes);
  } catch (error) {
    reader.cancel().catch(ignore);
    throw error;
  }
}

const unreadable = (why: string): Unusable => new Unusable(`the body of the answer ${why}`);

/** Some implementations of fetch have no web streams, and some mocks have no `arrayBuffer`. */
async function readWhole(response: Response): Promise<Bytes> {
  const read = response.arrayBuffer ?? response.text;
  if (!read) throw unreadable("has neither arrayBuffer() nor text()");
  return toBytes(await read.call(response));
}

/** The bytes of a text, an ArrayBuffer, or a view of one, of any realm. */
function toBytes(chunk: unknown): Bytes {
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  const { buffer = chunk, byteOffset, byteLength } = Object(chunk);
  if (!(byteLength >= 0)) throw unreadable("is not made of bytes");
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function join(chunks: readonly Bytes[], maxBytes: number): Bytes {
  const size = chunks.reduce((sum, { length }) => sum + length, 0);
  if (size > maxBytes) throw new Unusable(`the answer is larger than maxBytes, ${maxBytes}`);
  const [first] = chunks;
  if (first?.length === size) return first;
  const whole = new Uint8Array(size);
  chunks.reduce((at, chunk) => (whole.set(chunk, at), at + chunk.length), 0);
  return whole;
}
