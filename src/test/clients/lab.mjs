// What both clients share: where the student's ComfyUI is, the workflow, and how to tell the test what happens.

/** The student's ComfyUI, without a slash at the end. */
export const home = new URL(process.argv[2]);

/** Takes two seconds in twenty steps, and ends with a picture. */
export const workflow = {
  1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 33343 } },
  2: { class_type: 'SimSleep', inputs: { image: ['1', 0], seconds: 2, steps: 20 } },
  3: { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'client' } }
};

/** One line for the test to read. */
export function tell(what, value) {
  console.log(what + ' ' + value);
}

/** A picture is told by its first eight bytes. */
export async function tellPicture(blob) {
  tell('picture', Buffer.from(await blob.slice(0, 8).arrayBuffer()).toString('hex'));
  process.exit(0);
}

export function fail(error) {
  console.error(error);
  process.exit(1);
}
