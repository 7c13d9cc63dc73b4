/** Longer than the field's name, its colon and any space between: what may have been cut by the end of a piece. */
const CARRY = 64;
/** Inside of a JSON text quotes are escaped, so this stands nowhere but where the field begins. */
const BEGINS = /"base64"\s{0,16}:\s{0,16}"/;

/** The bytes of the field `base64` of a JSON answer, as they come: a file of many megabytes is never in memory whole. */
export async function* base64Field(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = '';
  let inside = false;
  for await (const piece of body) {
    rest += Buffer.from(piece).toString('latin1');
    if (!inside) {
      const begins = BEGINS.exec(rest);
      if (!begins) rest = rest.slice(-CARRY);
      else rest = rest.slice(begins.index + begins[0].length);
      inside = begins !== null;
    }
    if (!inside) continue;
    const end = rest.indexOf('"');
    const text = (end === -1 ? rest : rest.slice(0, end)).replaceAll('\\', ''); // some write "/" as "\/"
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Error('the field is not base64');
    if (end !== -1) {
      yield Buffer.from(text, 'base64');
      return;
    }
    const whole = text.length - (text.length % 4);
    yield Buffer.from(text.slice(0, whole), 'base64');
    rest = text.slice(whole);
  }
  throw new Error(inside ? 'the answer ends inside of its file' : 'the answer brings no file');
}
