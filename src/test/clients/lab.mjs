// What the JavaScript clients share: where the student's ComfyUI is, the workflow, and how the test is told what happens.
import { readFileSync } from 'node:fs';

/** The student's ComfyUI, without a slash at the end. */
export const home = process.argv[2];

/** Who signs in there; empty where nobody does. */
export const user = process.env.CLIENT_USER ?? '';
export const password = process.env.CLIENT_PASSWORD ?? '';

/** "picture" takes two seconds in twenty steps and ends with a picture, "failure" fails. */
export const workflow = JSON.parse(readFileSync(process.env.CLIENT_WORKFLOW + '.json', 'utf8'));

/** One line for the test to read. */
export function tell(what, value) {
  console.log(what + ' ' + value);
}

/** A picture is told by its name and its first eight bytes. */
export async function tellPicture(filename, blob) {
  tell('picture', filename + ' ' + Buffer.from(await blob.slice(0, 8).arrayBuffer()).toString('hex'));
  process.exit(0);
}

export function fail(error) {
  console.error(error);
  process.exit(1);
}
