// @stable-canvas/comfyui-client as its README uses it; its socket is at the root of the host, whatever api_base is.
import { Client } from '@stable-canvas/comfyui-client';
import WebSocket from 'ws';
import { fail, home, password, tell, tellPicture, user, workflow } from './lab.mjs';

const headers = { Authorization: 'Basic ' + Buffer.from(user + ':' + password).toString('base64') };

class SignedInSocket extends WebSocket {
  constructor(address) {
    super(address, { headers });
  }
}

function signedInFetch(address, options) {
  return fetch(address, { ...options, headers: { ...options?.headers, ...headers } });
}

const client = new Client({ api_host: new URL(home).host, WebSocket: SignedInSocket, fetch: signedInFetch });

try {
  await Promise.all([client.getSystemStats(), client.connect()]);
  const output = await client.enqueue(workflow, { progress: step => tell('progress', step.value + '/' + step.max) });
  tell('prompt', output.prompt_id);
  const address = output.images[0].data;
  await tellPicture(new URL(address).searchParams.get('filename'), await (await signedInFetch(address)).blob());
} catch (error) {
  fail(error);
}
