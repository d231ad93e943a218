// @saintno/comfyui-sdk as its README uses it.
import { CallWrapper, ComfyApi, PromptBuilder } from '@saintno/comfyui-sdk';
import { fail, home, password, tell, tellPicture, user, workflow } from './lab.mjs';

const options = user ? { credentials: { type: 'basic', username: user, password } } : {};
const api = await new ComfyApi(home, 'node', options).init().waitForReady();
const prompt = new PromptBuilder(workflow, [], ['images']).setOutputNode('images', '3');

new CallWrapper(api, prompt)
  .onPending(id => id && tell('prompt', id))
  .onProgress(step => tell('progress', step.value + '/' + step.max))
  .onFinished(output => picture(output.images.images[0]).catch(fail))
  .onFailed(fail)
  .run();

async function picture(image) {
  await tellPicture(image.filename, await api.getImage(image));
}
