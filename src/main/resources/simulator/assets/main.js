import { api } from 'session';
import { choices, graph } from 'workflows';

const $ = id => document.getElementById(id);
const app = {
  api,
  extensions: [],
  registerExtension(extension) {
    this.extensions.push(extension);
    extension.setup?.(this);
  },
  async queuePrompt(front = false) {
    const prompt = graph($('workflow').value);
    draw(prompt);
    try {
      const accepted = await api.queuePrompt(prompt, { id: crypto.randomUUID?.() ?? 'simulated', version: 0.4 }, front);
      logEvent('queued', accepted.prompt_id);
    } catch (refused) {
      showError(textOf(refused.response ?? { error: String(refused) }));
    }
  },
};
window.app = app;
window.comfyAPI = { app: { app }, api: { api } };

function draw(prompt) {
  $('canvas').querySelectorAll('.node').forEach(node => node.remove());
  for (const [id, { class_type, inputs, _meta }] of Object.entries(prompt)) {
    const node = document.createElement('article');
    node.className = 'node';
    node.dataset.node = id;
    node.innerHTML = '<h3></h3><dl></dl>';
    node.querySelector('h3').textContent = _meta?.title ?? class_type;
    for (const [name, value] of Object.entries(inputs).filter(([, value]) => !Array.isArray(value))) {
      node.querySelector('dl').append(term('dt', name), term('dd', value));
    }
    $('canvas').append(node);
  }
  link();
}

function term(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}

// Curves from each node to the next, as the real canvas draws them.
function link() {
  const frame = $('canvas').getBoundingClientRect();
  const nodes = [...$('canvas').querySelectorAll('.node')].map(node => node.getBoundingClientRect());
  $('links').innerHTML = nodes.slice(1).map((to, i) => {
    const [x1, y1] = [nodes[i].right - frame.left, nodes[i].top - frame.top + 46];
    const [x2, y2] = [to.left - frame.left, to.top - frame.top + 46];
    return `<path d="M${x1},${y1} C${x1 + 50},${y1} ${x2 - 50},${y2} ${x2},${y2}"/>`;
  }).join('');
}

function mark(running) {
  document.querySelectorAll('.node').forEach(node => node.classList.toggle('running', node.dataset.node === running));
}

function logEvent(type, text = '') {
  const line = document.createElement('li');
  line.append(term('b', type), ` ${text}`);
  line.dataset.type = type;
  $('log').prepend(line);
  while ($('log').children.length > 200) {
    $('log').lastChild.remove();
  }
}

function showError(text) {
  $('error-text').textContent = text;
  if (!$('error').open) {
    $('error').showModal();
  }
}

function textOf({ error, node_errors = {} }) {
  const head = typeof error === 'string' ? error : [error?.message, error?.details].filter(Boolean).join(': ');
  const lines = Object.values(node_errors)
    .flatMap(node => node.errors.map(e => `${node.class_type}: ${e.message} ${e.details}`));
  return [head, ...lines].join('\n');
}

function onDone(state) {
  mark(null);
  $('state').textContent = state;
}

const heard = {
  status: ({ status }) => { $('queue').textContent = status?.exec_info.queue_remaining ?? '–'; },
  execution_start: () => { $('state').textContent = 'running'; $('progress').value = 0; },
  executing: ({ node }) => mark(node),
  progress: ({ value, max }) => { $('progress').value = max ? value / max : 0; },
  b_preview: blob => { $('result').src = URL.createObjectURL(blob); },
  executed: ({ output }) => {
    const picture = output?.images?.[0];
    if (picture) {
      $('result').src = api.apiURL(`/view?${new URLSearchParams(picture)}`);
    }
  },
  execution_success: () => { $('progress').value = 1; onDone('done'); },
  execution_interrupted: () => onDone('interrupted'),
  execution_error: error => { onDone('failed'); showError(`${error.node_type}: ${error.exception_message}`); },
  reconnecting: () => { $('queue').textContent = '–'; },
};

api.addEventListener('*', ({ detail: { type, data } }) => {
  heard[type]?.(data);
  if (!['progress_state', 'b_preview'].includes(type)) {
    logEvent(type, data instanceof Blob ? '' : JSON.stringify(data ?? {}));
  }
});
$('result').addEventListener('load', () => URL.revokeObjectURL($('result').src));
$('run').addEventListener('click', event => app.queuePrompt(event.shiftKey));
$('interrupt').addEventListener('click', () => api.interrupt());
$('workflow').addEventListener('change', () => draw(graph($('workflow').value)));
window.addEventListener('resize', link);

choices.forEach(({ value, label }) => $('workflow').add(new Option(label, value)));
draw(graph('quick'));
const stats = await (await api.fetchApi('/system_stats')).json();
$('version').textContent = `${stats.system.comfyui_version}, simulated`;
for (const path of await (await api.fetchApi('/extensions')).json()) {
  import(api.fileURL(path)).catch(cause => logEvent('extension', `${path}: ${cause}`));
}
api.connect();
