// @saintno/comfyui-sdk as its README uses it.
import { CallWrapper, ComfyApi, PromptBuilder } from '@saintno/comfyui-sdk';
import { fail, home, tell, tellPicture, workflow } from './lab.mjs';

const api = await new ComfyApi(home.href).init().waitForReady();
const prompt = new PromptBuilder(workflow, [], ['images']).setOutputNode('images', '3');

new CallWrapper(api, prompt)
  .onProgress(step => tell('progress', step.value + '/' + step.max))
  .onFinished(output => api.getImage(output.images.images[0]).then(tellPicture).catch(fail))
  .onFailed(fail)
  .run();
