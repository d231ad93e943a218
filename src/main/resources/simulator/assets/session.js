// The way to the server: addresses relative to the page, calls, and the one socket.

export const base = location.pathname.split('/').slice(0, -1).join('/');

class ComfyApi extends EventTarget {
  clientId = '';

  apiURL(route) {
    return `${base}/api${route}`;
  }

  fileURL(route) {
    return base + route;
  }

  fetchApi(route, options = {}) {
    return fetch(this.apiURL(route), {
      cache: 'no-cache',
      ...options,
      headers: { ...options.headers, 'Comfy-User': '' },
    });
  }

  async queuePrompt(prompt, workflow, front = false) {
    const body = { client_id: this.clientId, prompt, extra_data: { extra_pnginfo: { workflow } } };
    if (front) {
      body.front = true;
    }
    const answer = await this.fetchApi('/prompt', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.status !== 200) {
      throw { response: await errorOf(answer) };
    }
    return answer.json();
  }

  interrupt() {
    return this.fetchApi('/interrupt', { method: 'POST' });
  }

  // The id survives a reload, since the browser keeps the name of the window.
  connect(again = false) {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const query = window.name ? `?clientId=${encodeURIComponent(window.name)}` : '';
    const socket = new WebSocket(`${scheme}://${location.host}${base}/ws${query}`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }));
      this.tell(again ? 'reconnected' : 'connected');
    };
    socket.onmessage = event => this.receive(event.data);
    socket.onclose = () => {
      this.tell('reconnecting');
      setTimeout(() => this.connect(true), 300);
    };
  }

  receive(data) {
    if (data instanceof ArrayBuffer) {
      this.tell('b_preview', previewOf(new DataView(data)));
      return;
    }
    const message = JSON.parse(data);
    if (message.type === 'status' && message.data.sid) {
      this.clientId = window.name = message.data.sid;
    }
    this.tell(message.type, message.data);
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
    this.dispatchEvent(new CustomEvent('*', { detail: { type, data: detail } }));
  }
}

async function errorOf(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return { error: { message: `${answer.status} ${answer.statusText}`, details: text.slice(0, 500) } };
  }
}

function previewOf(view) {
  const start = view.getUint32(0) === 4 ? 8 + view.getUint32(4) : 8;
  return new Blob([view.buffer.slice(start)], { type: 'image/png' });
}

export const api = new ComfyApi();
