/*
 * Loaded by ComfyUI's page itself, as one of its extensions. Brings in the boot script where the page lacks it, because
 * it could not be put into its head.
 */
if (!window[Symbol.for('anteroom')]) {
  const boot = document.createElement('script');
  boot.src = import.meta.url.replace('/extension.', '/boot.');
  document.head.appendChild(boot);
}

/*
 * A run that ComfyUI rejects only when its turn comes is reported as an execution error. Its nodes and inputs are marked
 * as the page marks them when Run itself is rejected. The page has no interface for that, so its state is searched where
 * each version keeps it; where it is not found, the page still shows the error.
 */
function mark(nodeErrors) {
  const state = document.getElementById('vue-app')?.__vue_app__?.config.globalProperties.$pinia?._s;
  for (const store of state?.values() ?? []) {
    try {
      if (store.recordNodeErrors) {
        store.recordNodeErrors(nodeErrors);
      } else if ('lastNodeErrors' in store) {
        store.lastNodeErrors = nodeErrors;
      }
    } catch {
      // This one only shows what another holds.
    }
  }
  window.app?.canvas?.draw(true, true);
}

/* Messages lost between the page and its ComfyUI. The pill notifies the student. */
window.comfyAPI?.api?.api?.addEventListener('anteroom_notice', ({ detail }) => {
  window[Symbol.for('anteroom')]?.notice(detail);
});

window.comfyAPI?.api?.api?.addEventListener('execution_error', ({ detail }) => {
  if (detail?.node_errors) {
    mark(detail.node_errors);
  }
});
