// @stable-canvas/comfyui-client as its README uses it.
import { Client } from '@stable-canvas/comfyui-client';
import WebSocket from 'ws';
import { fail, home, tell, tellPicture, workflow } from './lab.mjs';

/** The client leaves api_base out of its socket's address, whatever server it talks to; its own option puts it in. */
class StudentsSocket extends WebSocket {
  constructor(address) {
    super(address.replace(home.host + '/', home.host + home.pathname + '/'));
  }
}

const client = new Client({ api_host: home.host, api_base: home.pathname, WebSocket: StudentsSocket, fetch });

try {
  await Promise.all([client.getSystemStats(), client.connect()]);
  const output = await client.enqueue(workflow, { progress: step => tell('progress', step.value + '/' + step.max) });
  await tellPicture(await (await fetch(output.images[0].data)).blob());
} catch (error) {
  fail(error);
}
